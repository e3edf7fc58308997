import type { SectionOutcome } from '../../contract/seats';
import { type Refusal, refuseHeldSeat, refuseWaiting } from './rules';
import type { BatchState } from './batch-state';
import { refused, sectionNotFound } from './seat-refusal';
import type { AcceptOfferRequest, JoinWaitlistRequest, LeaveWaitlistRequest, PromoteRequest } from './seat-request';
import type { SeatHold, WaitlistEntry } from './seat-state';
import type { SectionSeats } from './section-seats';
import { sectionKey } from './section-ref';

/** Decides what concerns waitlists, as SeatDecision does the rest. */
export class WaitlistDecision {
  constructor(private readonly batch: BatchState) {}

  join({ studentId, termId }: JoinWaitlistRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(termId, sectionId);
    if (!seats) return refused(sectionId, sectionNotFound());
    const refusal = this.refuseJoining(studentId, seats);
    if (refusal) return refused(sectionId, refusal);
    const position = this.batch.waitlist.join(seats, studentId);
    const details = { position };
    this.batch.tell(studentId, seats.section, { state: 'waitlisted', by: 'waitlist', notice: 'waitlisted', details });
    return { sectionId, outcome: 'waitlisted', position };
  }

  leave({ studentId, termId }: LeaveWaitlistRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(termId, sectionId);
    const entry = seats && this.batch.waitlist.entryOf(studentId, seats);
    if (!seats || !entry) return refused(sectionId, notWaitlisted(sectionId));
    this.end(seats, entry, 'left');
    this.batch.tell(studentId, seats.section, { state: 'none', by: 'waitlist' });
    return { sectionId, outcome: 'left' };
  }

  accept({ studentId, termId }: AcceptOfferRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(termId, sectionId);
    const entry = seats && this.batch.waitlist.entryOf(studentId, seats);
    if (!seats || !entry) return refused(sectionId, notWaitlisted(sectionId));
    const refusal = this.refuseAccepting(seats, entry) ?? refuseHeldSeat(this.batch.question(studentId, seats));
    if (refusal) return refused(sectionId, refusal);
    seats.take(seats.offerTo(studentId));
    this.batch.enrol(studentId, seats, { by: 'promotion', source: 'promotion', notice: 'enrolled' });
    return { sectionId, outcome: 'enrolled' };
  }

  /**
   * Gives the section's held seats whose time has come to those who wait, in order; who may not have one now is passed
   * over, and keeps the place; the turn of who was deleted meanwhile is over. A seat that nobody can have goes by the
   * release policy.
   */
  promote({ termId, sectionIds: [sectionId], after }: PromoteRequest): void {
    const seats = this.batch.seatsOf(termId, sectionId);
    if (!seats) return;
    const section = { termId, sectionId };
    for (const entry of this.batch.waitlist.offered(section)) this.expire(seats, entry);
    // Nobody new gets in, whatever was promised.
    if (seats.capacity === 0) {
      for (const hold of this.dueHolds(seats)) seats.releaseHold(hold);
      return;
    }
    // A section that has more students than seats has none to give.
    for (const hold of this.dueHolds(seats)) if (seats.overrides > 0) seats.releaseHold(hold);
    const reach = this.batch.state.reach.get(sectionKey(section)) ?? 0;
    const candidates = this.batch.waitlist.waiting(section, after, reach);
    let unknown = false;
    for (const entry of candidates) {
      const [hold] = this.dueHolds(seats);
      if (!hold) return;
      if (this.batch.state.unknownStudents.has(entry.studentId)) {
        this.end(seats, entry, 'gone');
        this.batch.tell(entry.studentId, seats.section, { state: 'none', by: 'promotion' });
        continue;
      }
      // Came to the head after the students of this batch were locked: another batch asks from the head again.
      unknown = !this.batch.state.students.has(entry.studentId);
      if (unknown) break;
      if (!refuseHeldSeat(this.batch.question(entry.studentId, seats))) this.give(seats, entry, hold);
    }
    if (this.dueHolds(seats).length === 0) return;
    if (unknown) this.batch.promoteNext(seats);
    else if (reach !== Number.POSITIVE_INFINITY) this.batch.promoteNext(seats, reach);
    else this.releaseDue(seats);
  }

  /** Held seats that can be given now. */
  private dueHolds(seats: SectionSeats): SeatHold[] {
    const released = seats.holdsFor('release').filter(({ dueAt }) => dueAt <= this.batch.now);
    return [...seats.holdsFor('promotion'), ...released];
  }

  private give(seats: SectionSeats, entry: WaitlistEntry, hold: SeatHold): void {
    const { studentId } = entry;
    const { waitlist, offerSeconds } = this.batch.policyOf(seats);
    if (waitlist === 'promote') {
      seats.take(hold);
      this.batch.enrol(studentId, seats, { by: 'promotion', source: 'promotion', notice: 'promoted' });
      return;
    }
    const expiresAt = this.batch.now + offerSeconds * 1_000;
    seats.releaseHold(hold);
    seats.hold('offer', expiresAt, studentId);
    this.batch.waitlist.move(seats, entry, 'offered', expiresAt);
    const details = { expiresAt };
    this.batch.tell(studentId, seats.section, { state: 'offered', by: 'promotion', notice: 'offered', details });
  }

  /** Nobody who waits can have them. What the release policy has held already is free now. */
  private releaseDue(seats: SectionSeats): void {
    for (const hold of this.dueHolds(seats)) {
      if (seats.releaseHold(hold) && hold.reason === 'promotion') this.batch.release(seats);
    }
  }

  private expire(seats: SectionSeats, entry: WaitlistEntry): void {
    if ((entry.offerExpiresAt ?? 0) > this.batch.now) return;
    this.end(seats, entry, 'expired');
    const { studentId } = entry;
    this.batch.tell(studentId, seats.section, { state: 'none', by: 'promotion', notice: 'offer_expired' });
  }

  /** The entry is over; a seat that was held for it is passed on. */
  private end(seats: SectionSeats, entry: WaitlistEntry, to: 'left' | 'expired' | 'gone'): void {
    const offer = entry.state === 'offered' ? seats.offerTo(entry.studentId) : undefined;
    this.batch.waitlist.move(seats, entry, to);
    if (offer && seats.releaseHold(offer)) this.batch.reassign(seats);
  }

  private refuseJoining(studentId: string, seats: SectionSeats): Refusal | undefined {
    const { id: sectionId } = seats.section;
    if (this.batch.waitlist.entryOf(studentId, seats)) {
      return { code: 'already_waitlisted', message: 'You wait for this section already.', details: { sectionId } };
    }
    const question = this.batch.question(studentId, seats);
    const refusal = refuseWaiting(question);
    if (refusal) return refusal;
    const share = question.classYearSeats;
    if (seats.left === 0 || (share && share.taken >= share.limit)) return undefined;
    const details = { left: seats.left };
    return { code: 'waitlist_not_needed', message: 'This section has seats left.', details };
  }

  private refuseAccepting(seats: SectionSeats, entry: WaitlistEntry): Refusal | undefined {
    const { sectionId, state, offerExpiresAt } = entry;
    if (state !== 'offered' || !seats.offerTo(entry.studentId)) {
      return { code: 'no_offer', message: 'No seat has been offered to you yet.', details: { sectionId } };
    }
    if ((offerExpiresAt ?? 0) > this.batch.now) return undefined;
    return { code: 'offer_expired', message: 'The offer has expired.', details: { sectionId, offerExpiresAt } };
  }
}

const notWaitlisted = (sectionId: string): Refusal => ({
  code: 'not_waitlisted',
  message: 'You do not wait for this section.',
  details: { sectionId },
});
