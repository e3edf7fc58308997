import type { Place } from '../../line/line.service';
import { lotteryView } from '../../line/lottery';
import type { RoomLine } from '../../line/follower/room-line';
import type { LineTicketMessage } from '../../contract/line';
import type { RoomStateMessage } from '../../contract/rooms';
import type { SessionPlace } from '../session';

type Told = Pick<SessionPlace, 'position' | 'total' | 'sentAt' | 'reckoned'>;

/** What students are told of a room. A line that cannot be reached shows as `recovering`: positions stand still. */
export function roomMessage(line: RoomLine): RoomStateMessage {
  const { room, replica } = line;
  const lottery = lotteryView(room, replica);
  return {
    roomId: room.id,
    termId: room.termId,
    name: room.name,
    state: line.available && replica ? replica.state : 'recovering',
    opensAt: room.opensAt,
    notice: room.notice,
    ...(lottery && { lottery }),
    ...(!line.available && { unreachable: true as const }),
    ratePerSecond: room.ratePerSecond,
    graceMs: room.graceMs,
    ...(line.graceStands && { graceStands: true as const }),
    serverTime: Math.round(replica?.now() ?? Date.now()),
  };
}

/**
 * What a student is told, and given signed, of the place in line.
 *
 * @param extrapolates whether the client moves the number on by itself
 */
export function ticketMessage(line: RoomLine, place: Place, extrapolates: boolean): LineTicketMessage {
  const { replica } = line;
  const { ticket, signedTicket, state, position, total, sequence } = place;
  return {
    roomId: line.room.id,
    ticket: signedTicket,
    number: ticket.number,
    state,
    position,
    total,
    sequence,
    ...(replica && state === 'waiting' && { flow: replica.flow(line.counts.inside) }),
    ...(extrapolates && { pace: replica?.pace() ?? 0 }),
    room: roomMessage(line),
  };
}

/** What a socket's place remembers of a ticket that was told. */
export function toldBy({ position, total, pace, room }: LineTicketMessage): Told {
  const { serverTime: at } = room;
  return { position, total, sentAt: at, reckoned: pace === undefined ? undefined : { position, at, pace } };
}
