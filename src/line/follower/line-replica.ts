import { systemTimers, type Timers } from '../../common/clock';
import { letsIn, roomStateAt, RoomState, moves } from '../../room/room-state';
import type { LineEvent, LineSettings, LineSnapshot } from '../line-store';
import { PositionIndex } from '../position-index';
import type { EndReason, Ticket } from '../ticket';
import { LineSpeed, SPEED_WINDOW_MS } from './line-speed';
import { StayCohort, type StayEstimate } from './stay';

/** How long a measured stay is told again, ms. */
const STAY_LASTS_MS = 2_000;

export interface LineFlowFacts {
  inside: number;
  capacity: number;
  /** Most admissions per second. */
  ratePerSecond: number;
  stayMs: StayEstimate;
  /** How long those inside have been there on average, ms. */
  ageMs: number;
}

/** Of these it is certain that who ends does not wait any more. */
const ENDS_INSIDE: ReadonlySet<EndReason> = new Set(['finished', 'expired', 'no_show']);

/** A rebuilt line takes those inside back in one step each: they have not gone in only now. */
const isReinstated = ({ number }: { number: number }, before: LineEvent | undefined, epoch: number): boolean =>
  before?.type === 'joined' && before.number === number && before.ticketEpoch < epoch;

/**
 * One pod's copy of who waits in one line, fed by the feed. Positions are local look-ups; nothing here asks the store.
 *
 * A copy that lags shows positions that are too high, never too low, so what a student sees only falls. That holds also
 * when the store loses the line: whoever has gone counts until the trail knows it, for until then a line that is rebuilt
 * would have them back.
 */
export class LineReplica {
  private index: PositionIndex;
  private settings: LineSettings;
  /** Numbers above it that wait, and were given out before the line was lost, are not all known while it is recovering. */
  private readonly restoredThrough: number;
  /** Who has gone without the trail's knowledge: number and sequence, in order of the latter. */
  private readonly departing = new Map<number, number>();
  private durableSequence: number;
  private readonly measured = new LineSpeed();
  private stays = new StayCohort();
  private stay: (StayEstimate & { age: number; at: number; leaseMs: number }) | undefined;
  private waiters: { sequence: number; resolve: () => void }[] = [];
  /** Store time less this pod's time, ms. */
  private clockOffset = 0;
  /** Store time from which on this copy has counted admissions at the rate that holds now, ms. */
  private paceSince: number;
  /** A lottery will still change the order. */
  drawPending: boolean;
  /** Sequence at which the lottery's list was closed; 0 when this copy did not see it. */
  frozenAt = 0;
  recoveringUntil: number;
  /** Nobody comes back to a lost place after this sequence. */
  private recoveredAt = Infinity;
  /** Up to where it knows the line. */
  sequence: number;
  state: RoomState;

  /** @param undurable what the snapshot includes and the trail does not */
  constructor(
    snapshot: LineSnapshot,
    undurable: LineEvent[] = [],
    private readonly timers: Timers = systemTimers,
  ) {
    this.index = PositionIndex.fromBitmap(snapshot.baseNumber, snapshot.nextNumber, snapshot.waiting);
    this.settings = snapshot.settings;
    this.drawPending = snapshot.drawPending ?? false;
    this.recoveringUntil = snapshot.recoveringUntil;
    this.restoredThrough = snapshot.restoredThrough;
    this.sequence = snapshot.sequence;
    this.durableSequence = snapshot.durableSequence;
    this.state = snapshot.state;
    this.paceSince = snapshot.now;
    this.setClock(snapshot.now);
    this.bringBack(undurable, snapshot.epoch);
  }

  /** How many wait, as positions count them. */
  get total(): number {
    return this.index.total;
  }

  /** Positions include everything up to here, and of what came later the joins alone. */
  get shownSequence(): number {
    return Math.min(this.sequence, this.durableSequence);
  }

  /** Version of the room's settings that the line obeys, as applied so far. */
  get settingsVersion(): number {
    return this.settings.version;
  }

  /** Whether an admission of a ticket may be told: the trail has it, or the line was rebuilt with it. */
  isKept({ admittedSequence = 0 }: Ticket): boolean {
    return admittedSequence <= this.durableSequence || this.state === 'recovering';
  }

  /** 1 + the waiting ahead of this number: exact for what is in the trail, and never lower than the truth. */
  position(number: number): number {
    return this.index.position(number);
  }

  /**
   * The position as it may be told: 0 as long as it could still rise. In a line that is being recovered, students may
   * come back with lower numbers than this one that the trail never got to know; a lottery changes everybody's.
   */
  shownPosition(number: number): number {
    if (this.drawPending) return 0;
    return this.state === 'recovering' && number > this.restoredThrough ? 0 : this.position(number);
  }

  /** Whether the number waits, as applied so far. */
  isWaiting(number: number): boolean {
    return this.index.has(number) && !this.departing.has(number);
  }

  /** The store's time, ms. */
  now(): number {
    return this.timers.now() + this.clockOffset;
  }

  /** When time alone will change the room's state next, ms; Infinity for never. */
  nextChange(): number {
    if (this.state === 'recovering') return this.recoveringUntil;
    return this.state === 'scheduled' ? this.settings.opensAt : Infinity;
  }

  /** By how much this pod's clock is ahead of the store's, ms; negative when it is behind. */
  get skewMs(): number {
    return -this.clockOffset;
  }

  setClock(storeNow: number): void {
    this.clockOffset = storeNow - this.timers.now();
  }

  /** Admissions per second over the last ten seconds; 0 while the line stands. */
  speed(): number {
    return (this.measured.since(0, this.now()) * 1_000) / SPEED_WINDOW_MS;
  }

  /**
   * Admissions per second as they are told to those who wait. Of the last ten seconds, what this copy has not counted, or
   * what lies before the line began to move, counts as planned: measured alone, a line that just opened would seem to take
   * ten times as long.
   */
  expectedSpeed(): number {
    const now = this.now();
    const { control, opensAt } = this.settings;
    if (!letsIn({ control, opensAt, recoveringUntil: this.recoveringUntil }, now)) return this.speed();
    const begun = Math.max(now - SPEED_WINDOW_MS, Math.min(Math.max(this.paceSince, opensAt), now));
    const admitted = this.measured.since(begun, now);
    const plannedMs = begun - (now - SPEED_WINDOW_MS);
    return (admitted * 1_000 + this.settings.ratePerSecond * plannedMs) / SPEED_WINDOW_MS;
  }

  /** Places per second at which clients that extrapolate may move their numbers on, to a hundredth; 0: they stand. */
  pace(): number {
    const now = this.now();
    const { control, opensAt } = this.settings;
    if (!letsIn({ control, opensAt, recoveringUntil: this.recoveringUntil }, now)) return 0;
    return Math.round(this.measured.pace(now) * 100) / 100;
  }

  /**
   * What decides how fast the line moves.
   *
   * @param inside how many are inside now
   * @param share of the room's rate at which is let in, 0 to 1
   */
  flow(inside: number, share = 1): LineFlowFacts {
    const { capacity, ratePerSecond, leaseMs } = this.settings;
    const { least, most, age } = this.measuredStay(leaseMs);
    return {
      inside,
      capacity,
      ratePerSecond: Math.round(ratePerSecond * share * 1_000) / 1_000,
      stayMs: { least: Math.round(least), most: Math.round(most) },
      ageMs: Math.round(age),
    };
  }

  /**
   * The room is in this state since `at`, store time in ms: by the clock alone, or by an event. A recovery lasts here until
   * everybody is known who came back in it.
   *
   * @param sequence at which the store says so
   */
  enter(state: RoomState, at: number, sequence = this.sequence): void {
    if (this.state === 'recovering' && state !== 'recovering') {
      this.recoveredAt = Math.min(this.recoveredAt, sequence);
      if (this.sequence < this.recoveredAt) return;
    }
    if (moves(state) && !moves(this.state)) this.paceSince = at;
    this.state = state;
  }

  /** Applies events that follow right after `sequence`. Returns whether the room's state or settings changed. */
  apply(events: LineEvent[]): boolean {
    const before = this.state;
    let settingsChanged = false;
    for (const event of events) {
      if (event.sequence !== this.sequence + 1) {
        throw new Error(`feed gap: have ${this.sequence}, got ${event.sequence}`);
      }
      this.sequence = event.sequence;
      settingsChanged = this.applyOne(event) || settingsChanged;
    }
    this.wakeWaiters();
    return settingsChanged || before !== this.state;
  }

  /** Everything up to here is in the trail: whoever has gone by then is gone for good. */
  markDurable(durableSequence: number): void {
    this.durableSequence = Math.max(this.durableSequence, durableSequence);
    for (const [number, sequence] of this.departing) {
      if (sequence > this.durableSequence) break;
      this.departing.delete(number);
      this.index.remove(number);
    }
    this.wakeWaiters();
  }

  /** Resolves once positions include `sequence`, or after `timeoutMs`. */
  async waitFor(sequence: number, timeoutMs: number): Promise<void> {
    if (this.shownSequence >= sequence) return;
    const reached = new AbortController();
    this.waiters.push({ sequence, resolve: () => reached.abort() });
    await this.timers.sleep(timeoutMs, reached.signal);
  }

  /** Nobody waits or is inside any more: what it takes to count and to measure them is given back. */
  forgetPlaces(): void {
    this.index = new PositionIndex(this.index.nextNumber);
    this.stays = new StayCohort();
    this.departing.clear();
  }

  private applyOne(event: LineEvent): boolean {
    switch (event.type) {
      case 'joined':
        this.index.add(event.number);
        return false;
      case 'admitted':
        this.depart(event);
        this.measured.count(event.at);
        this.stays.admitted(event.number, event.at, this.settings.capacity);
        return false;
      case 'ended':
        this.depart(event);
        this.stays.ended(event.number, event.at);
        return false;
      case 'settings':
        if (event.settings.ratePerSecond !== this.settings.ratePerSecond) this.paceSince = event.at;
        this.settings = event.settings;
        this.updateState(event.at);
        return true;
      case 'frozen':
        this.frozenAt = event.sequence;
        return false;
      case 'drawn':
        this.index.remove(event.entry);
        this.index.add(event.number);
        return false;
      case 'opened':
        this.drawPending = false;
        this.updateState(event.at);
        return true;
      case 'away':
      case 'back':
      case 'acknowledged':
      case 'settled':
      case 'unknown':
        return false;
    }
  }

  private depart({ number, sequence }: { number: number; sequence: number }): void {
    if (sequence <= this.durableSequence) this.index.remove(number);
    else if (this.isWaiting(number)) this.departing.set(number, sequence);
  }

  /** The snapshot has let go of who may come back. Of somebody removed it does not say from where: better too many. */
  private bringBack(undurable: LineEvent[], epoch: number): void {
    const inside = new Set<number>();
    undurable.forEach((event, index) => {
      if (event.type !== 'admitted' && event.type !== 'ended') return;
      if (event.type === 'admitted' && isReinstated(event, undurable[index - 1], epoch)) inside.add(event.number);
      if (inside.has(event.number) || (event.type === 'ended' && ENDS_INSIDE.has(event.reason))) return;
      if (this.index.add(event.number)) this.departing.set(event.number, event.sequence);
    });
  }

  /** Measured anew at most every two seconds: whoever joins is told of it, and thousands join in a second. */
  private measuredStay(leaseMs: number): StayEstimate & { age: number } {
    const now = this.now();
    if (!this.stay || now - this.stay.at >= STAY_LASTS_MS || this.stay.leaseMs !== leaseMs) {
      this.stay = { ...this.stays.estimate(now, leaseMs), age: this.stays.age(now), at: now, leaseMs };
    }
    return this.stay;
  }

  private updateState(now: number): void {
    this.enter(roomStateAt({ ...this.settings, recoveringUntil: this.recoveringUntil }, now), now);
  }

  private wakeWaiters(): void {
    if (this.waiters.length === 0) return;
    const due = this.waiters.filter(({ sequence }) => sequence <= this.shownSequence);
    this.waiters = this.waiters.filter(({ sequence }) => sequence > this.shownSequence);
    for (const waiter of due) waiter.resolve();
  }
}
