import { pairKey } from '../../common/text';
import type { SectionSeats } from './section-seats';
import type { WaitlistEntry } from './seat-state';
import { sectionKey, type SectionRef } from './section-ref';
import { assertMove, isOpen, type WaitlistState } from './waitlist-state';

/** The waitlists while a batch is decided, as far as they were read. */
export class WaitlistBook {
  private readonly entries: WaitlistEntry[];
  private readonly open = new Map<string, WaitlistEntry>();
  private readonly added = new Set<WaitlistEntry>();
  private readonly changed = new Set<WaitlistEntry>();

  constructor(entries: readonly WaitlistEntry[]) {
    this.entries = [...entries];
    for (const entry of entries) this.open.set(keyOf(entry), entry);
  }

  /** The student's open entry. */
  entryOf(studentId: string, { section: { termId, id: sectionId } }: SectionSeats): WaitlistEntry | undefined {
    return this.open.get(keyOf({ studentId, termId, sectionId }));
  }

  /** @returns the position, 1 = next */
  join(seats: SectionSeats, studentId: string): number {
    const { id: sectionId, termId } = seats.section;
    seats.waitlistNumber += 1;
    seats.waiting += 1;
    const number = seats.waitlistNumber;
    const entry: WaitlistEntry = { sectionId, number, studentId, termId, state: 'waiting', offerExpiresAt: null };
    this.entries.push(entry);
    this.open.set(keyOf(entry), entry);
    this.added.add(entry);
    return seats.waiting;
  }

  move(seats: SectionSeats, entry: WaitlistEntry, to: WaitlistState, offerExpiresAt: number | null = null): void {
    assertMove(entry.state, to);
    if (entry.state === 'waiting') seats.waiting -= 1;
    entry.state = to;
    entry.offerExpiresAt = offerExpiresAt ?? entry.offerExpiresAt;
    if (!isOpen(to)) this.open.delete(keyOf(entry));
    if (!this.added.has(entry)) this.changed.add(entry);
  }

  /** Who waits with a number above `after` and up to `reach`, in order. */
  waiting(section: SectionRef, after: number, reach: number): WaitlistEntry[] {
    return this.of(section, 'waiting')
      .filter(({ number }) => number > after && number <= reach)
      .sort((a, b) => a.number - b.number);
  }

  /** Everyone with an open entry that was read. */
  allOpen(section: SectionRef): WaitlistEntry[] {
    return [...this.of(section, 'waiting'), ...this.of(section, 'offered')];
  }

  offered(section: SectionRef): WaitlistEntry[] {
    return this.of(section, 'offered');
  }

  changes(): { added: WaitlistEntry[]; changed: WaitlistEntry[] } {
    return { added: [...this.added], changed: [...this.changed] };
  }

  private of({ termId, sectionId }: SectionRef, state: WaitlistState): WaitlistEntry[] {
    return this.entries.filter(
      (entry) => entry.sectionId === sectionId && entry.termId === termId && entry.state === state,
    );
  }
}

const keyOf = ({ studentId, ...section }: SectionRef & { studentId: string }): string =>
  pairKey(studentId, sectionKey(section));
