import type { SectionOutcome } from '../../contract/seats';
import type { Cause, BatchState } from './batch-state';
import { refuseDrop } from './rules/release-policy';
import { type Refusal, refuseEnrolment, refuseHeldSeat, refuseOverride, seatsLeft } from './rules';
import { changedPolicy } from './seat-policy';
import { notEnrolled, refused, sectionNotFound } from './seat-refusal';
import type {
  CommitRequest,
  ConfigureRequest,
  DropRequest,
  OverrideRequest,
  SeatRequest,
  SwapRequest,
  UnenrolRequest,
} from './seat-request';
import type { SectionSeats } from './section-seats';
import { WaitlistDecision } from './waitlist-decision';

/**
 * Decides requests one after another on what was read under the locks. Each sees what those before it have taken and
 * given back. Nothing here touches the database.
 */
export class SeatDecision {
  private readonly waitlists: WaitlistDecision;

  constructor(private readonly batch: BatchState) {
    this.waitlists = new WaitlistDecision(batch);
  }

  decide(request: SeatRequest): SectionOutcome[] {
    switch (request.kind) {
      case 'commit':
        return request.sectionIds.map((id) => this.commit(request, id));
      case 'drop':
        return request.sectionIds.map((id) => this.drop(request, id));
      case 'swap':
        return this.swap(request);
      case 'waitlist_join':
        return request.sectionIds.map((id) => this.waitlists.join(request, id));
      case 'waitlist_leave':
        return request.sectionIds.map((id) => this.waitlists.leave(request, id));
      case 'waitlist_accept':
        return request.sectionIds.map((id) => this.waitlists.accept(request, id));
      case 'promote':
        this.waitlists.promote(request);
        return [];
      case 'override':
        return request.sectionIds.map((id) => this.override(request, id));
      case 'unenrol':
        return request.sectionIds.map((id) => this.unenrol(request, id));
      case 'configure':
        return [this.configure(request)];
    }
  }

  private commit(request: CommitRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(request.termId, sectionId);
    if (!seats) return refused(sectionId, sectionNotFound());
    const refusal = this.refuseTaking(request.studentId, seats);
    if (refusal) return refused(sectionId, refusal);
    this.take(request.studentId, seats, {
      ...{ by: 'commit', source: 'commit', notice: 'enrolled' },
      admission: request.admission,
    });
    return { sectionId, outcome: 'enrolled' };
  }

  private drop({ studentId, termId }: DropRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(termId, sectionId);
    if (!seats || !this.batch.sectionsOf(studentId, termId).has(sectionId)) {
      return refused(sectionId, notEnrolled(sectionId));
    }
    const refusal = this.refuseDropping(seats);
    if (refusal) return refused(sectionId, refusal);
    this.batch.drop(studentId, seats, { by: 'drop', source: 'commit', notice: 'dropped' });
    return { sectionId, outcome: 'dropped' };
  }

  private swap({ studentId, termId, sectionIds: [dropId, takeId], admission }: SwapRequest): SectionOutcome[] {
    const given = this.batch.seatsOf(termId, dropId);
    const taken = this.batch.seatsOf(termId, takeId);
    if (!given || !this.batch.sectionsOf(studentId, termId).has(dropId)) {
      return [refused(dropId, notEnrolled(dropId)), refused(takeId, notEnrolled(dropId))];
    }
    const blocked = this.refuseDropping(given);
    if (blocked) return [refused(dropId, blocked), refused(takeId, blocked)];
    const refusal = taken ? this.refuseTaking(studentId, taken, dropId) : sectionNotFound();
    if (!taken || refusal) {
      return [{ sectionId: dropId, outcome: 'kept' }, refused(takeId, refusal ?? sectionNotFound())];
    }
    this.batch.drop(studentId, given, { by: 'swap', source: 'commit', notice: 'dropped' });
    this.take(studentId, taken, { by: 'swap', source: 'commit', notice: 'enrolled', admission });
    return [
      { sectionId: dropId, outcome: 'dropped' },
      { sectionId: takeId, outcome: 'enrolled' },
    ];
  }

  private override({ studentId, termId, act, anyCredits = false }: OverrideRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(termId, sectionId);
    if (!seats) return refused(sectionId, sectionNotFound());
    const refusal = refuseOverride(this.batch.question(studentId, seats), { anyCredits });
    if (refusal) return refused(sectionId, refusal);
    const offer = seats.offerTo(studentId);
    const beyond = !offer && seats.left === 0;
    if (beyond) seats.takeBeyond();
    else seats.take(offer);
    this.batch.enrol(studentId, seats, { by: 'operator', source: 'operator', notice: 'enrolled' });
    const { taken, held, capacity, overrides } = seats;
    this.batch.acts.push({
      ...{ act: 'override', termId, sectionId, studentId, ...act },
      details: { beyondCapacity: beyond, exceedCreditLimit: anyCredits, taken, held, capacity, overrides },
    });
    return { sectionId, outcome: 'enrolled' };
  }

  private unenrol({ studentId, termId, act }: UnenrolRequest, sectionId: string): SectionOutcome {
    const seats = this.batch.seatsOf(termId, sectionId);
    if (!seats) return refused(sectionId, sectionNotFound());
    if (!this.batch.sectionsOf(studentId, termId).has(sectionId)) {
      const message = 'The student is not enrolled in this section.';
      return refused(sectionId, { ...notEnrolled(sectionId), message });
    }
    const details = { reason: act.note };
    this.batch.drop(studentId, seats, { by: 'operator', source: 'operator', notice: 'dropped', details });
    const { taken, held, capacity, overrides } = seats;
    this.batch.acts.push({
      ...{ act: 'unenrol', termId, sectionId, studentId, ...act },
      details: { taken, held, capacity, overrides },
    });
    return { sectionId, outcome: 'dropped' };
  }

  private configure(request: ConfigureRequest): SectionOutcome {
    const { termId, act, force = false } = request;
    const [sectionId] = request.sectionIds;
    const seats = this.batch.seatsOf(termId, sectionId);
    if (!seats) return refused(sectionId, sectionNotFound());
    const { capacity: before } = seats;
    const { capacity = before, policy } = request;
    const lowest = seats.taken + seats.held - seats.overrides;
    if (capacity < lowest && capacity < before && !force) {
      const { taken, held, overrides } = seats;
      return refused(sectionId, {
        code: 'capacity_below_taken',
        message: `${lowest} of the seats are in use.`,
        details: { capacity, lowest, taken, held, overrides },
      });
    }
    this.changeCapacity(seats, capacity);
    if (policy) this.batch.setPolicy(seats, changedPolicy(this.batch.ownPolicy(seats), policy));
    const details = {
      capacity: { before, after: capacity },
      force,
      overrides: seats.overrides,
      policy: policy ?? null,
    };
    this.batch.acts.push({ act: 'section', termId, sectionId, studentId: null, ...act, details });
    return { sectionId, outcome: 'changed' };
  }

  /** New seats go to those who wait, before anybody else can take them. Without any the section is closed. */
  private changeCapacity(seats: SectionSeats, capacity: number): void {
    if (capacity === seats.capacity) return;
    if (capacity === 0) {
      this.batch.close(seats);
      return;
    }
    const before = seats.left;
    seats.setCapacity(capacity);
    this.batch.keepForWaiting(seats, seats.left - before);
  }

  /** Takes the seat that was offered to the student, or one that is left. */
  private take(studentId: string, seats: SectionSeats, cause: Cause): void {
    seats.take(seats.offerTo(studentId));
    this.batch.enrol(studentId, seats, cause);
  }

  private refuseTaking(studentId: string, seats: SectionSeats, without?: string): Refusal | undefined {
    const question = this.batch.question(studentId, seats, without);
    if (seatsLeft(seats) > 0) return refuseEnrolment(question);
    const entry = this.batch.waitlist.entryOf(studentId, seats);
    const offered = entry?.state === 'offered' && (entry.offerExpiresAt ?? 0) > this.batch.now;
    return offered ? refuseHeldSeat(question) : refuseEnrolment(question);
  }

  private refuseDropping(seats: SectionSeats): Refusal | undefined {
    return refuseDrop(this.batch.policyOf(seats), this.batch.now, this.batch.settings.timeZone);
  }
}
