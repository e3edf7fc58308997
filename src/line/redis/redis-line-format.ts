import type { RoomState } from '../../room/room-state';
import { eventOf } from '../event-fields';
import type {
  FeedPage,
  JoinOutcome,
  LineStanding,
  LineEvent,
  LineRef,
  LineSettings,
  LineSnapshot,
  TickOutcome,
} from '../line-store';
import type { EndReason, Ticket, TicketState } from '../ticket';

/** A ticket's record (include/ticket.lua); '' for none. */
export function parseTicket(roomId: string, studentId: string, record: string): Ticket | undefined {
  if (record === '') return undefined;
  const [number, epoch, state, joinedAt, expiresAt, admittedSequence, acknowledged, reason] = record.split('|');
  const ticket: Ticket = {
    roomId,
    studentId,
    epoch: Number(epoch),
    number: Number(number),
    state: state as TicketState,
    joinedAt: Number(joinedAt),
  };
  if (state === 'admitted') {
    ticket.expiresAt = Number(expiresAt);
    ticket.admittedSequence = Number(admittedSequence);
    ticket.acknowledged = acknowledged === '1';
  }
  if (state === 'ended') ticket.reason = reason as EndReason;
  return ticket;
}

export function parseJoin(roomId: string, studentId: string, reply: unknown): JoinOutcome {
  const [outcome, record, sequence] = reply as [JoinOutcome['outcome'], string, number];
  const ticket = parseTicket(roomId, studentId, record);
  return { outcome, ...(ticket && { ticket }), sequence };
}

export function parseStanding(reply: unknown): LineStanding {
  const [state, server] = reply as [LineStanding['state'], string];
  return { state, server };
}

type TickReply = [
  now: number,
  state: RoomState,
  admitted: number,
  waiting: number,
  present: number,
  inside: number,
  sequence: number,
  durableSequence: number,
  more: number,
  fenced: number,
  deadPods: string[],
  drawDue: number,
  graceStands: number,
];

export function parseTick(reply: unknown): TickOutcome {
  const [now, state, admitted, waiting, present, inside, sequence, durableSequence, ...rest] = reply as TickReply;
  const [more, fenced, deadPods, drawDue, graceStands] = rest;
  return {
    now,
    state,
    admitted,
    waiting,
    present,
    inside,
    sequence,
    durableSequence,
    more: more === 1,
    fenced: fenced === 1,
    drawDue: drawDue === 1,
    graceStands: graceStands === 1,
    deadPods,
  };
}

/** @param reply with bulk strings as Buffers, for the bitmap's sake */
export function parseSnapshot({ epoch }: LineRef, reply: unknown): LineSnapshot {
  const [
    sequence,
    durableSequence,
    baseNumber,
    nextNumber,
    settings,
    state,
    recoveringUntil,
    now,
    restored,
    waiting,
    draw,
  ] = reply as [number, number, number, number, Buffer, Buffer, number, number, number, Buffer, number];
  return {
    epoch,
    sequence,
    durableSequence,
    baseNumber,
    nextNumber,
    restoredThrough: restored,
    drawPending: draw === 1,
    waiting: new Uint8Array(waiting),
    settings: JSON.parse(settings.toString()) as LineSettings,
    state: state.toString() as RoomState,
    recoveringUntil,
    now,
  };
}

/** One entry of the feed stream, as XRANGE gives it: its id and its fields, name and value in turn. */
type StreamEntry = [id: string, fields: string[]];

function parseEvent([id, fields]: StreamEntry): LineEvent {
  const field: Record<string, string> = {};
  for (let i = 0; i < fields.length; i += 2) field[fields[i]!] = fields[i + 1]!;
  return eventOf(parseInt(id, 10), field);
}

type FeedReply = [entries: StreamEntry[], sequence: number, durableSequence: number, durableBy: string];

export function parseFeed(afterSequence: number, reply: unknown): FeedPage {
  const [entries, sequence, durableSequence, durableBy] = reply as FeedReply;
  const events = entries.map(parseEvent);
  const next = afterSequence + 1;
  const trimmed = sequence >= next && events[0]?.sequence !== next;
  return { events: trimmed ? [] : events, durableSequence, durableBy, trimmed };
}
