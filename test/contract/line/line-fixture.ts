import { DomainError } from '../../../src/common/domain-error';
import { randomId } from '../../../src/common/ids';
import type {
  JoinOutcome,
  JoinRequest,
  LineEvent,
  LineRef,
  LineSettings,
  LineSnapshot,
  LineStore,
  FeedReport,
  OpenOptions,
  TickOutcome,
} from '../../../src/line/line-store';
import { PositionIndex } from '../../../src/line/position-index';
import { Bench, uniqueRoom } from './engine';

/** Monday noon somewhere, in ms. */
export const START = 1_764_000_000_000;
export const ACT = { operator: 'kim', note: 'accommodation' };

export const SETTINGS: LineSettings = {
  version: 1,
  control: 'auto',
  opensAt: START,
  ratePerSecond: 10,
  capacity: 1_000,
  leaseMs: 60_000,
  graceMs: 10_000,
  noShowMs: 20_000,
  // Or nobody's grace would run before somebody was let in, whatever a test is about.
  graceBeforeOpening: true,
};

/** A pod that has not seen anything of the line yet. */
export const NOTHING_SEEN: FeedReport = { podId: 'new', sequence: 0, server: '', number: 0, latest: 0 };

/** One line under test, and a clock for it. */
export class LineFixture {
  ref: LineRef = { roomId: uniqueRoom(), epoch: 1, incarnation: randomId() };
  now = START;
  private version = 1;

  private constructor(readonly bench: Bench) {}

  /** A ready line; pods `a` (first store) and `b` (second store) are registered. */
  static async start(bench: Bench, settings: Partial<LineSettings> = {}): Promise<LineFixture> {
    const fixture = await LineFixture.unopened(bench);
    await fixture.open({ settings: { ...SETTINGS, ...settings } });
    await fixture.store.ready(fixture.ref, 0);
    await fixture.register('a', 'b');
    return fixture;
  }

  static async unopened(bench: Bench): Promise<LineFixture> {
    const fixture = new LineFixture(bench);
    await fixture.setTime(START);
    return fixture;
  }

  get store(): LineStore {
    return this.bench.stores[0];
  }

  get other(): LineStore {
    return this.bench.stores[1];
  }

  open(options: Partial<OpenOptions> = {}): Promise<void> {
    const first = { settings: SETTINGS, firstNumber: 1, baseNumber: 1, restoredThrough: 0 };
    return this.store.open(this.ref, { ...first, ...options });
  }

  async register(...podIds: string[]): Promise<void> {
    for (const podId of podIds) await this.store.register(this.ref, podId);
  }

  async setTime(now: number): Promise<void> {
    this.now = now;
    await this.bench.setTime(this.ref.roomId, now);
  }

  async advance(milliseconds: number): Promise<void> {
    await this.setTime(this.now + milliseconds);
  }

  /** Lets time pass as it does with living pods: each ticks every `stepMs`. Returns how many went in. */
  async pass(milliseconds: number, { pods = ['a', 'b'], stepMs = 500, share = 1 } = {}): Promise<number> {
    let admitted = 0;
    for (let passed = 0; passed < milliseconds; passed += stepMs) {
      await this.advance(Math.min(stepMs, milliseconds - passed));
      for (const podId of pods) admitted += (await this.tick(podId, share)).admitted;
    }
    return admitted;
  }

  /** One tick; the trail has everything that happened before it. */
  async tick(podId = 'a', share?: number): Promise<TickOutcome> {
    const { sequence } = await this.store.snapshot(this.ref);
    await this.store.markDurable(this.ref, sequence, podId);
    return this.storeOf(podId).tick(this.ref, podId, share);
  }

  /** What the store says of the line to a pod that has seen this much. */
  async standing(report: Partial<FeedReport> = {}, durableSequence?: number): Promise<string> {
    return (await this.store.check(this.ref, { ...NOTHING_SEEN, ...report }, durableSequence)).state;
  }

  configure(changes: Partial<LineSettings>): Promise<void> {
    this.version += 1;
    return this.store.configure(this.ref, { ...SETTINGS, ...changes, version: this.version });
  }

  join(studentId: string, options: Partial<JoinRequest> = {}): Promise<JoinOutcome> {
    const socket = options.socket ?? { podId: 'a', socketId: `${studentId}-1` };
    return this.storeOf(socket.podId).join(this.ref, { studentId, create: true, ...options, socket });
  }

  async joinAll(...studentIds: string[]): Promise<void> {
    for (const studentId of studentIds) await this.join(studentId);
  }

  detach(studentId: string, podId = 'a', socketId = `${studentId}-1`): Promise<void> {
    return this.storeOf(podId).detach(this.ref, [{ studentId, podId, socketId }]);
  }

  async stateOf(studentId: string): Promise<string | undefined> {
    const ticket = await this.store.find(this.ref, studentId);
    return ticket?.state === 'ended' ? ticket.reason : ticket?.state;
  }

  async events(after = 0): Promise<LineEvent[]> {
    const events: LineEvent[] = [];
    for (;;) {
      const from = events.at(-1)?.sequence ?? after;
      const page = await this.store.readFeed(this.ref, from, { limit: 5_000, waitMs: 0, knownDurable: 0 });
      if (page.events.length === 0) return events;
      events.push(...page.events);
    }
  }

  /** Events of one student as short words, in order. */
  async story(studentId: string): Promise<string[]> {
    const events = await this.events();
    return events.flatMap((event) => ('studentId' in event && event.studentId === studentId ? [event.type] : []));
  }

  async snapshot(): Promise<LineSnapshot & { index: PositionIndex }> {
    const snapshot = await this.store.snapshot(this.ref);
    const { baseNumber, nextNumber, waiting } = snapshot;
    return { ...snapshot, index: PositionIndex.fromBitmap(baseNumber, nextNumber, waiting) };
  }

  /** Waiting numbers, lowest first. */
  async waiting(): Promise<number[]> {
    const numbers: number[] = [];
    (await this.snapshot()).index.forEach((number) => numbers.push(number));
    return numbers;
  }

  private storeOf(podId: string): LineStore {
    return podId.startsWith('b') ? this.other : this.store;
  }
}

/** The code with which a call was refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'not refused';
}
