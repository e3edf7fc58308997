import { INITIAL_STATE, reduce, type StateEvent, type SunbeonState } from '../../../client/sdk/state';
import type { AdmissionService } from '../../../src/admission/admission.service';
import type { Outflow } from '../../../src/admission/outflow';
import type { Timers } from '../../../src/common/clock';
import type { Config } from '../../../src/config/config';
import type { LinePositionMessage } from '../../../src/contract/line';
import { LineReplica } from '../../../src/line/follower/line-replica';
import type { LineListener, RoomLine } from '../../../src/line/follower/room-line';
import type { LineEvent, LineSettings } from '../../../src/line/line-store';
import type { LineService } from '../../../src/line/line.service';
import type { Ticket } from '../../../src/line/ticket';
import { LiveSessions } from '../../../src/live/live-sessions';
import { Broadcaster } from '../../../src/live/push/broadcaster';
import { LineAnnouncer } from '../../../src/live/push/line-announcer';
import { PositionPusher } from '../../../src/live/push/position-pusher';
import { ticketMessage, toldBy } from '../../../src/live/push/room-message';
import { type LiveSocket, Session } from '../../../src/live/session';
import type { RoomState } from '../../../src/room/room-state';

/** The line as the feed tells of it between two steps of a simulation. Omitted: nothing of the kind. */
export interface Step {
  /** So many are let in. */
  admitted?: number;
  /** Those who leave, as shares (0 to 1) of the way from the front to the end. */
  leave?: readonly number[];
  /** The trail does not know of it yet. */
  undurable?: boolean;
  /** The room's state from now on. */
  state?: RoomState;
}

const INTERVAL_MS = 1_000;
const START = 1_790_000_000_000;
const ROOM = {
  ...{ id: 'fall', termId: 't', name: 'Fall', opensAt: 0, notice: '', lotterySeed: '', ratePerSecond: 10 },
  ...{ graceMs: 1, capacity: 100, control: 'auto' as const, version: 1, leaseMs: 600_000, noShowMs: 1 },
};

/** What pages hear of a place that they have. */
const HEARD: Record<string, StateEvent['type'] | undefined> = {
  ...{ 'line:ticket': 'ticket', 'line:position': 'position', 'room:state': 'room' },
};

/** One page: what it was sent arrives late, in order, and what it shows is what the SDK makes of it. */
class Page {
  private state: SunbeonState = INITIAL_STATE;
  private readonly under: { at: number; event: StateEvent }[] = [];
  /** Positions that came unasked, and the highest pace told with any. */
  frames = 0;
  fastest = 0;

  constructor(
    readonly number: number,
    private readonly time: { now: number },
    private readonly delayMs: () => number,
  ) {}

  readonly socket = {
    id: `tab of ${Math.random()}`,
    emit: (event: string, message: unknown) => this.send(event, message),
    conn: {
      ...{ readyState: 'open', writeBuffer: [], transport: { name: 'polling', writable: true } },
      write: (text: string) => this.send(...(JSON.parse(text.slice(1)) as [string, unknown])),
    },
  } as unknown as LiveSocket;

  private send(event: string, message: unknown): void {
    const type = HEARD[event];
    if (!type) return;
    if (type === 'position') {
      this.frames += 1;
      this.fastest = Math.max(this.fastest, (message as LinePositionMessage).pace ?? 0);
    }
    const at = Math.max(this.time.now + this.delayMs(), this.under.at(-1)?.at ?? 0);
    this.under.push({ at, event: { type, message } as StateEvent });
  }

  /** The place, once all that has arrived was heard. */
  look(): SunbeonState['place'] {
    while (this.under[0] && this.under[0].at <= this.time.now) {
      this.state = reduce(this.state, (this.under.shift() as (typeof this.under)[number]).event);
    }
    this.state = reduce(this.state, { type: 'moved', now: this.time.now });
    return this.state.place;
  }
}

/** A line of `length` before which pages stand: server and SDK as they are, the feed and the network by hand. */
export class ShownLine {
  readonly time = { now: START };
  readonly replica: LineReplica;
  readonly pages: Page[];
  private readonly line: RoomLine;
  private readonly pusher: PositionPusher;
  private readonly announcer: LineAnnouncer;
  private readonly waiting: number[];
  private sinceGlance = 0;

  /** @param numbers of the students whose pages are looked at */
  constructor(length: number, numbers: readonly number[], delayMs: () => number, options: { lottery?: boolean } = {}) {
    const { time } = this;
    const timers: Timers = { now: () => time.now, elapsed: () => time.now, sleep: () => Promise.resolve() };
    this.waiting = Array.from({ length }, (_, index) => index + 1);
    this.replica = new LineReplica(snapshot(length, options), [], timers);
    const line = { room: ROOM, replica: this.replica, available: true, counts: { inside: 0 } };
    Object.assign(line, { forget: () => undefined });
    this.line = line as unknown as RoomLine;
    const sessions = new LiveSessions();
    const lines = {
      all: () => [this.line],
      listen: (_: LineListener) => undefined,
      refusalAtDoor: () => undefined,
      place: (_: RoomLine, ticket: Ticket) => this.placeOf(ticket),
    } as unknown as LineService;
    const outflow = { current: () => 1 } as unknown as Outflow;
    const config = { live: { positionIntervalMs: INTERVAL_MS } } as Config;
    this.pusher = new PositionPusher(lines, sessions, outflow, config);
    this.announcer = new LineAnnouncer(lines, {} as AdmissionService, sessions, new Broadcaster());
    this.pages = numbers.map((number) => new Page(number, time, delayMs));
    for (const page of this.pages) this.enter(page, sessions);
  }

  /** The true position. */
  truth({ number }: Page): number {
    return this.replica.position(this.drawn.get(number) ?? number);
  }

  /** Whether its student still waits. */
  waits({ number }: Page): boolean {
    return this.replica.isWaiting(this.drawn.get(number) ?? number);
  }

  /** By a lottery: from the number of the entry to that of the place. */
  private readonly drawn = new Map<number, number>();

  private enter(page: Page, sessions: LiveSessions): void {
    const session = new Session(page.socket, `s${page.number}`);
    sessions.add(session);
    const ticket = { roomId: 'fall', studentId: session.studentId, epoch: 1, number: page.number, joinedAt: 0 };
    const place = this.placeOf({ ...ticket, state: 'waiting' });
    const message = ticketMessage(this.line, place, true);
    const { number } = page;
    sessions.givePlace(session, {
      ...{ roomId: 'fall', number, state: 'waiting', ticket: place.ticket, ...toldBy(message) },
    });
    page.socket.emit('line:ticket', message);
  }

  private placeOf(ticket: Ticket) {
    const { replica } = this;
    const position = replica.shownPosition(ticket.number);
    return {
      ...{ ticket, signedTicket: 'signed', state: 'waiting' as const, position, total: replica.total },
      sequence: replica.shownSequence,
    };
  }

  /** Draws the order: the entries get their numbers, backwards. */
  draw(): void {
    const { length } = this.waiting;
    const events = this.waiting.map((entry, index) => {
      this.drawn.set(entry, 2 * length - index);
      return this.event(index, { type: 'drawn', studentId: `s${entry}`, entry, number: 2 * length - index });
    });
    events.push(this.event(events.length, { type: 'opened' }));
    this.waiting.forEach((_, index) => (this.waiting[index] = length + 1 + index));
    this.apply(events, {});
    this.announcer.onState(this.line);
  }

  /** `ms` later this has happened; the server looks as often as it does. */
  async go(ms: number, step: Step = {}): Promise<void> {
    this.time.now += ms;
    const { admitted = 0, leave = [] } = step;
    const events = this.waiting.splice(0, admitted).map((number, index) => {
      const admission = { type: 'admitted' as const, number, studentId: `s${number}`, expiresAt: Infinity };
      return this.event(index, admission);
    });
    for (const share of leave) {
      const [number] = this.waiting.splice(Math.floor(share * this.waiting.length), 1);
      if (number === undefined) continue;
      events.push(this.event(events.length, { type: 'ended', reason: 'left', number, studentId: `s${number}` }));
    }
    this.apply(events, step);
    this.sinceGlance += ms;
    if (this.sinceGlance < INTERVAL_MS / 10) return;
    this.sinceGlance = 0;
    await this.pusher.look(new AbortController().signal);
  }

  private apply(events: LineEvent[], { undurable = false, state }: Step): void {
    const { replica, time } = this;
    replica.apply(events);
    if (!undurable) replica.markDurable(replica.sequence);
    this.announcer.onEvents(this.line, events);
    if (state === undefined || state === replica.state) return;
    const control = state === 'paused' ? 'paused' : 'auto';
    const settings: LineSettings = { ...settingsOf(ROOM), control };
    replica.apply([this.event(0, { type: 'settings', settings })]);
    replica.recoveringUntil = state === 'recovering' ? Infinity : 0;
    replica.enter(state, time.now);
    this.announcer.onState(this.line);
  }

  private event(index: number, event: object): LineEvent {
    return { sequence: this.replica.sequence + 1 + index, at: this.time.now, ...event } as LineEvent;
  }
}

const settingsOf = ({ version, control, opensAt, ratePerSecond, capacity, ...room }: typeof ROOM): LineSettings => {
  const { leaseMs, graceMs, noShowMs } = room;
  return { version, control, opensAt, ratePerSecond, capacity, leaseMs, graceMs, noShowMs };
};

function snapshot(length: number, { lottery = false }: { lottery?: boolean }) {
  return {
    ...{ epoch: 1, sequence: length, durableSequence: length, baseNumber: 1, nextNumber: length + 1 },
    waiting: new Uint8Array(Math.ceil(length / 8)).fill(255),
    ...{ settings: settingsOf(ROOM), state: 'open' as const, recoveringUntil: 0, restoredThrough: length },
    ...{ drawPending: lottery, now: START },
  };
}
