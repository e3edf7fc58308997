import { randomId } from '../../common/ids';
import type { HoldReason, CountChanges, LockedSection, SeatHold } from './seat-state';
import { type SeatFacts, seatsLeft } from './rules';

/**
 * The seats of one section while a batch is decided. Always `taken + held <= capacity + overrides`, and `held` is the
 * number of holds; overrides are there only as long as they are in use.
 */
export class SectionSeats implements SeatFacts {
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
  waiting: number;
  waitlistNumber: number;
  private readonly added = new Set<SeatHold>();
  private readonly removed: string[] = [];
  private readonly holds: Set<SeatHold>;

  constructor(
    readonly section: LockedSection,
    holds: readonly SeatHold[],
  ) {
    const { capacity, taken, held, overrides, waiting, waitlistNumber } = section;
    this.capacity = capacity;
    this.taken = taken;
    this.held = held;
    this.overrides = overrides;
    this.waiting = waiting;
    this.waitlistNumber = waitlistNumber;
    this.holds = new Set(holds);
  }

  get left(): number {
    return seatsLeft(this);
  }

  holdsFor(reason: HoldReason): SeatHold[] {
    return [...this.holds].filter((hold) => hold.reason === reason);
  }

  /** Nobody gets a seat any more; all that are taken stay taken. */
  close(): void {
    for (const hold of [...this.holds]) this.end(hold);
    this.setCapacity(0);
  }

  offerTo(studentId: string): SeatHold | undefined {
    return [...this.holds].find((hold) => hold.reason === 'offer' && hold.studentId === studentId);
  }

  /** A seat that is left, or that was held for this, becomes an enrolment. */
  take(hold?: SeatHold): void {
    if (hold) this.end(hold);
    this.taken += 1;
  }

  takeBeyond(): void {
    this.overrides += 1;
    this.taken += 1;
  }

  /** @returns whether that left a seat; a section that has more students than seats only comes nearer to its capacity */
  giveBack(): boolean {
    return this.leaves(() => (this.taken -= 1));
  }

  /** A seat that is left is kept from everybody else. */
  hold(reason: HoldReason, dueAt: number, studentId: string | null = null): void {
    const { id: sectionId, termId } = this.section;
    const hold = { id: randomId(), sectionId, termId, reason, studentId, dueAt };
    this.holds.add(hold);
    this.added.add(hold);
    this.held += 1;
  }

  /** @returns whether that left a seat */
  releaseHold(hold: SeatHold): boolean {
    return this.leaves(() => this.end(hold));
  }

  /** Seats in use beyond the new capacity count as overrides until they are given back. */
  setCapacity(capacity: number): void {
    this.capacity = capacity;
    this.overrides = Math.max(0, this.taken + this.held - capacity);
  }

  changes(): CountChanges {
    const before = this.section;
    return {
      capacity: this.capacity - before.capacity,
      taken: this.taken - before.taken,
      held: this.held - before.held,
      overrides: this.overrides - before.overrides,
      waiting: this.waiting - before.waiting,
      waitlist_number: this.waitlistNumber - before.waitlistNumber,
    };
  }

  holdChanges(): { added: SeatHold[]; removed: string[] } {
    return { added: [...this.added], removed: this.removed };
  }

  private leaves(change: () => void): boolean {
    const before = this.left;
    change();
    this.overrides = Math.max(0, Math.min(this.overrides, this.taken + this.held - this.capacity));
    return this.left > before;
  }

  private end(hold: SeatHold): void {
    if (!this.holds.delete(hold)) throw new Error('this seat is not held any more');
    if (!this.added.delete(hold)) this.removed.push(hold.id);
    this.held -= 1;
  }
}
