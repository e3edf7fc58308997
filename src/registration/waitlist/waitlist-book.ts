import type { SectionSeats } from '../ledger/section-seats';
import type { WaitlistEntry } from '../ledger/seat-state';
import { assertMove, isOpen, type WaitlistState } from './waitlist-state';

/** The waitlists while a batch is decided, as far as they were read. */
export class WaitlistBook {
  private readonly entries: WaitlistEntry[];
  private readonly open = new Map<string, WaitlistEntry>();
  private readonly added = new Set<WaitlistEntry>();
  private readonly changed = new Set<WaitlistEntry>();

  constructor(entries: readonly WaitlistEntry[]) {
    this.entries = [...entries];
    for (const entry of entries) this.open.set(keyOf(entry.studentId, entry.sectionId), entry);
  }

  /** The student's open entry. */
  entryOf(studentId: string, sectionId: string): WaitlistEntry | undefined {
    return this.open.get(keyOf(studentId, sectionId));
  }

  /** @returns the position, 1 = next */
  join(seats: SectionSeats, studentId: string): number {
    const { id: sectionId, termId } = seats.section;
    seats.waitlistNumber += 1;
    seats.waiting += 1;
    const number = seats.waitlistNumber;
    const entry: WaitlistEntry = { sectionId, number, studentId, termId, state: 'waiting', offerExpiresAt: null };
    this.entries.push(entry);
    this.open.set(keyOf(studentId, sectionId), entry);
    this.added.add(entry);
    return seats.waiting;
  }

  move(seats: SectionSeats, entry: WaitlistEntry, to: WaitlistState, offerExpiresAt: number | null = null): void {
    assertMove(entry.state, to);
    if (entry.state === 'waiting') seats.waiting -= 1;
    entry.state = to;
    entry.offerExpiresAt = offerExpiresAt ?? entry.offerExpiresAt;
    if (!isOpen(to)) this.open.delete(keyOf(entry.studentId, entry.sectionId));
    if (!this.added.has(entry)) this.changed.add(entry);
  }

  /** Who waits with a number above `after` and up to `reach`, in order. */
  waiting(sectionId: string, after: number, reach: number): WaitlistEntry[] {
    return this.entries
      .filter((entry) => entry.sectionId === sectionId && entry.state === 'waiting')
      .filter(({ number }) => number > after && number <= reach)
      .sort((a, b) => a.number - b.number);
  }

  offered(sectionId: string): WaitlistEntry[] {
    return this.entries.filter((entry) => entry.sectionId === sectionId && entry.state === 'offered');
  }

  changes(): { added: WaitlistEntry[]; changed: WaitlistEntry[] } {
    return { added: [...this.added], changed: [...this.changed] };
  }
}

const keyOf = (studentId: string, sectionId: string): string => `${studentId} ${sectionId}`;
