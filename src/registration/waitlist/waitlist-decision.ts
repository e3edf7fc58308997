import { type Refusal, refuseHeldSeat, refuseWaiting } from '../rules';
import type { SeatDesk } from '../ledger/seat-desk';
import { refused, sectionNotFound } from '../ledger/seat-refusal';
import type { SectionOutcome } from '../../contract/seats';
import type {
  AcceptOfferRequest,
  JoinWaitlistRequest,
  LeaveWaitlistRequest,
  PromoteRequest,
} from '../ledger/seat-request';
import type { SeatHold, WaitlistEntry } from '../ledger/seat-state';
import type { SectionSeats } from '../ledger/section-seats';
import { sectionKey } from '../section-ref';

/** Decides what concerns waitlists, as SeatDecision does the rest. */
export class WaitlistDecision {
  constructor(private readonly desk: SeatDesk) {}

  join({ studentId, termId }: JoinWaitlistRequest, sectionId: string): SectionOutcome {
    const seats = this.desk.seatsOf(termId, sectionId);
    if (!seats) return refused(sectionId, sectionNotFound());
    const refusal = this.refuseJoining(studentId, seats);
    if (refusal) return refused(sectionId, refusal);
    const position = this.desk.waitlist.join(seats, studentId);
    const details = { position };
    this.desk.tell(studentId, seats.section, { state: 'waitlisted', by: 'waitlist', notice: 'waitlisted', details });
    return { sectionId, outcome: 'waitlisted', position };
  }

  leave({ studentId, termId }: LeaveWaitlistRequest, sectionId: string): SectionOutcome {
    const seats = this.desk.seatsOf(termId, sectionId);
    const entry = seats && this.desk.waitlist.entryOf(studentId, seats);
    if (!seats || !entry) return refused(sectionId, notWaitlisted(sectionId));
    this.end(seats, entry, 'left');
    this.desk.tell(studentId, seats.section, { state: 'none', by: 'waitlist' });
    return { sectionId, outcome: 'left' };
  }

  accept({ studentId, termId }: AcceptOfferRequest, sectionId: string): SectionOutcome {
    const seats = this.desk.seatsOf(termId, sectionId);
    const entry = seats && this.desk.waitlist.entryOf(studentId, seats);
    if (!seats || !entry) return refused(sectionId, notWaitlisted(sectionId));
    const refusal = this.refuseAccepting(seats, entry) ?? refuseHeldSeat(this.desk.question(studentId, seats));
    if (refusal) return refused(sectionId, refusal);
    seats.take(seats.offerTo(studentId));
    this.desk.enrol(studentId, seats, { by: 'promotion', source: 'promotion', notice: 'enrolled' });
    return { sectionId, outcome: 'enrolled' };
  }

  /**
   * Gives the section's held seats whose time has come to those who wait, in order; who may not have one now is passed
   * over, and keeps the place; the turn of who was deleted meanwhile is over. A seat that nobody can have goes by the
   * release policy.
   */
  promote({ termId, sectionIds: [sectionId], after }: PromoteRequest): void {
    const seats = this.desk.seatsOf(termId, sectionId);
    if (!seats) return;
    const section = { termId, sectionId };
    for (const entry of this.desk.waitlist.offered(section)) this.expire(seats, entry);
    // Nobody new gets in, whatever was promised.
    if (seats.capacity === 0) {
      for (const hold of this.ripe(seats)) seats.letGo(hold);
      return;
    }
    // A section that has more students than seats has none to give.
    for (const hold of this.ripe(seats)) if (seats.overrides > 0) seats.letGo(hold);
    const reach = this.desk.state.reach.get(sectionKey(section)) ?? 0;
    const candidates = this.desk.waitlist.waiting(section, after, reach);
    let unknown = false;
    for (const entry of candidates) {
      const [hold] = this.ripe(seats);
      if (!hold) return;
      if (this.desk.state.unknownStudents.has(entry.studentId)) {
        this.end(seats, entry, 'gone');
        this.desk.tell(entry.studentId, seats.section, { state: 'none', by: 'promotion' });
        continue;
      }
      // Came to the head after the students of this batch were locked: another batch asks from the head again.
      unknown = !this.desk.state.students.has(entry.studentId);
      if (unknown) break;
      if (!refuseHeldSeat(this.desk.question(entry.studentId, seats))) this.give(seats, entry, hold);
    }
    if (this.ripe(seats).length === 0) return;
    if (unknown) this.desk.promoteNext(seats);
    else if (reach !== Number.POSITIVE_INFINITY) this.desk.promoteNext(seats, reach);
    else this.letGo(seats);
  }

  /** Held seats that can be given now. */
  private ripe(seats: SectionSeats): SeatHold[] {
    const released = seats.holdsFor('release').filter(({ dueAt }) => dueAt <= this.desk.now);
    return [...seats.holdsFor('promotion'), ...released];
  }

  private give(seats: SectionSeats, entry: WaitlistEntry, hold: SeatHold): void {
    const { studentId } = entry;
    const { waitlist, offerSeconds } = this.desk.policyOf(seats);
    if (waitlist === 'promote') {
      seats.take(hold);
      this.desk.enrol(studentId, seats, { by: 'promotion', source: 'promotion', notice: 'promoted' });
      return;
    }
    const expiresAt = this.desk.now + offerSeconds * 1_000;
    seats.letGo(hold);
    seats.hold('offer', expiresAt, studentId);
    this.desk.waitlist.move(seats, entry, 'offered', expiresAt);
    const details = { expiresAt };
    this.desk.tell(studentId, seats.section, { state: 'offered', by: 'promotion', notice: 'offered', details });
  }

  /** Nobody who waits can have them. What the release policy has held already is free now. */
  private letGo(seats: SectionSeats): void {
    for (const hold of this.ripe(seats)) {
      if (seats.letGo(hold) && hold.reason === 'promotion') this.desk.release(seats);
    }
  }

  private expire(seats: SectionSeats, entry: WaitlistEntry): void {
    if ((entry.offerExpiresAt ?? 0) > this.desk.now) return;
    this.end(seats, entry, 'expired');
    const { studentId } = entry;
    this.desk.tell(studentId, seats.section, { state: 'none', by: 'promotion', notice: 'offer_expired' });
  }

  /** The entry is over; a seat that was held for it is passed on. */
  private end(seats: SectionSeats, entry: WaitlistEntry, to: 'left' | 'expired' | 'gone'): void {
    const offer = entry.state === 'offered' ? seats.offerTo(entry.studentId) : undefined;
    this.desk.waitlist.move(seats, entry, to);
    if (offer && seats.letGo(offer)) this.desk.passOn(seats);
  }

  private refuseJoining(studentId: string, seats: SectionSeats): Refusal | undefined {
    const { id: sectionId } = seats.section;
    if (this.desk.waitlist.entryOf(studentId, seats)) {
      return { code: 'already_waitlisted', message: 'You wait for this section already.', details: { sectionId } };
    }
    const question = this.desk.question(studentId, seats);
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
    if ((offerExpiresAt ?? 0) > this.desk.now) return undefined;
    return { code: 'offer_expired', message: 'The offer has expired.', details: { sectionId, offerExpiresAt } };
  }
}

const notWaitlisted = (sectionId: string): Refusal => ({
  code: 'not_waitlisted',
  message: 'You do not wait for this section.',
  details: { sectionId },
});
