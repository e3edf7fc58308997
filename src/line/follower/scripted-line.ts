import { setImmediate as turn } from 'node:timers/promises';
import { Topic } from '../../common/topic';
import type { Room } from '../../room/room';
import type { EpochProvider } from '../epoch-provider';
import { lineError } from '../line-error';
import { lineSettings } from '../line-settings';
import type { FeedPage, FeedReport, JoinOutcome, LineEvent, LineRef, LineSnapshot, TickOutcome } from '../line-store';
import { LineListener, LineNews, RoomLine } from './room-line';
import { ManualTimers, ScriptedStore } from './scripted-store';

export const ROOM: Room = {
  ...{ id: 'fall', termId: 't', site: false, name: 'Fall', version: 1, control: 'auto', opensAt: 0, notice: '' },
  ...{ ratePerSecond: 100, capacity: 1, leaseMs: 60_000, graceMs: 60_000, noShowMs: 60_000 },
  ...{ lotterySeed: '', nonce: 'life', createdAt: 0, archivedAt: 0, graceBeforeOpening: false },
};

const EMPTY: LineSnapshot = {
  ...{ epoch: 1, sequence: 0, durableSequence: 0, baseNumber: 1, nextNumber: 1, waiting: new Uint8Array() },
  ...{ settings: lineSettings(ROOM), state: 'open', recoveringUntil: 0, restoredThrough: 0, now: 1_000_000 },
};

const QUIET: TickOutcome = {
  ...{ now: 1_000_000, state: 'open', admitted: 0, waiting: 0, present: 0, inside: 0, sequence: 0, durableSequence: 0 },
  ...{ more: false, fenced: false, drawDue: false, graceStands: false, deadPods: [] },
};

/** The answer to a join, and the ticket in it. */
export function placed(studentId: string, number: number, outcome: JoinOutcome['outcome'] = 'joined'): JoinOutcome {
  const ticket = { roomId: ROOM.id, studentId, epoch: 1, number, joinedAt: 5, state: 'waiting' as const };
  return { outcome, ticket, sequence: number };
}

/** Student `s<sequence>` takes the place of that number. */
export const joined = (sequence: number): LineEvent => {
  return { type: 'joined', sequence, at: 1_000_000, number: sequence, studentId: `s${sequence}`, ticketEpoch: 1 };
};

/** A pod's end of a line whose store and time a test holds in its hands. */
export class ScriptedLine {
  readonly script = new ScriptedStore();
  readonly timers = new ManualTimers();
  /** What the pod said it had seen, each time that it asked for its line. */
  readonly reports: FeedReport[] = [];
  /** Which life of the line is the current one. */
  ref: LineRef = { roomId: ROOM.id, epoch: 1, incarnation: 'life' };
  readonly line: RoomLine;
  private readonly news: LineNews = new Topic('Test');

  constructor() {
    const { script, timers } = this;
    const epochs: EpochProvider = {
      ensure: (_room, follower) => {
        this.reports.push(follower.report(this.ref));
        return Promise.resolve({ ref: this.ref, server: 'server' });
      },
    };
    this.line = new RoomLine(ROOM, { store: script.store, epochs, timers }, this.news);
  }

  listen(listener: LineListener): void {
    this.news.subscribe((tell) => tell(listener));
  }

  /** The line is made anew, or for the first time, and followed. @returns the name under which the pod registered */
  async connect({ registeredAnew = false, snapshot }: Connecting = {}): Promise<string> {
    (await this.script.next('configure')).answer();
    const registering = await this.script.next('register');
    registering.answer(registeredAnew);
    if (snapshot) (await this.script.next('snapshot')).answer({ ...EMPTY, ...snapshot });
    await turn();
    return registering.args[1];
  }

  /** A pod starts. @returns as `connect` */
  start(): Promise<string> {
    this.line.start();
    return this.connect({ registeredAnew: true, snapshot: {} });
  }

  /** Answers the read of the feed that is under way. @returns from where it was to go on */
  async feed(page: Partial<FeedPage>): Promise<number> {
    const reading = await this.script.next('readFeed');
    reading.answer({ events: [], durableSequence: 0, durableBy: '', trimmed: false, ...page });
    return reading.args[1];
  }

  /** A socket joins, and the store attaches it. */
  async attach(socketId: string, studentId: string, number: number): Promise<void> {
    const joining = this.join(socketId, studentId);
    (await this.script.next('join')).answer(placed(studentId, number));
    await joining;
  }

  join(socketId: string, studentId: string): Promise<JoinOutcome> {
    return this.line.join(studentId, socketId, { create: true, presented: undefined });
  }

  /** The pod ticks, and the store has this to say. */
  async tick(outcome: Partial<TickOutcome>): Promise<void> {
    this.timers.advance(1_000);
    const ticking = this.line.tick();
    (await this.script.next('tick')).answer({ ...QUIET, ...outcome });
    await ticking;
  }

  /** The store answers nothing any more. */
  async stop(): Promise<void> {
    const stopped = this.line.stop();
    this.script.refuseAll(lineError('line_unavailable'));
    await stopped;
  }
}

interface Connecting {
  registeredAnew?: boolean;
  /** What the store shows of the line, if it is asked. */
  snapshot?: Partial<LineSnapshot>;
}
