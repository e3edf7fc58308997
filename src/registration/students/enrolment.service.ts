import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../common/domain-error';
import { failure } from '../../common/text';
import { AdmissionTokens } from '../ports';
import { SeatLedger } from '../ledger/seat-ledger';
import type { SectionOutcome } from '../../contract/seats';
import type { StudentRequest } from '../seats/seat-request';

/** How long a request may wait for its batch before it is answered `busy`, ms. */
const PATIENCE_MS = 10_000;

/** Seats for one student: checks the admission token and asks the ledger. */
@Injectable()
export class EnrolmentService {
  private readonly logger = new Logger('Seats');

  constructor(
    private readonly ledger: SeatLedger,
    private readonly tokens: AdmissionTokens,
  ) {}

  /**
   * Takes seats, in order of preference, under the admission of `token`.
   *
   * @throws DomainError as `AdmissionTokens.verify` and `SeatLedger.submit`
   */
  async commit(
    studentId: string,
    termId: string,
    sectionIds: string[],
    token: string,
    idempotencyKey: string,
  ): Promise<SectionOutcome[]> {
    const admission = await this.under(token, studentId, termId);
    return this.submit({
      kind: 'commit',
      ...base(studentId, termId, idempotencyKey),
      ...{ sectionIds, ...admission },
    });
  }

  /**
   * Gives a seat back; that needs no admission.
   *
   * @throws DomainError as `SeatLedger.submit`
   */
  drop(studentId: string, termId: string, sectionId: string, idempotencyKey: string): Promise<SectionOutcome[]> {
    return this.submit({ kind: 'drop', ...base(studentId, termId, idempotencyKey), sectionIds: [sectionId] });
  }

  /**
   * Gives one seat back for another, both or neither: two outcomes, in this order.
   *
   * @throws DomainError `invalid_input` for a section with itself, and as `AdmissionTokens.verify`, `SeatLedger.submit`
   */
  async swap(
    studentId: string,
    termId: string,
    { dropSectionId, takeSectionId }: { dropSectionId: string; takeSectionId: string },
    token: string,
    idempotencyKey: string,
  ): Promise<SectionOutcome[]> {
    if (dropSectionId === takeSectionId) {
      throw new DomainError('invalid_input', 'A section cannot be swapped with itself.');
    }
    const admission = await this.under(token, studentId, termId);
    return this.submit({
      kind: 'swap',
      ...base(studentId, termId, idempotencyKey),
      sectionIds: [dropSectionId, takeSectionId],
      ...admission,
    });
  }

  /**
   * Takes a place on the waitlist of a full section.
   *
   * @throws DomainError as `AdmissionTokens.verify` and `SeatLedger.submit`
   */
  async joinWaitlist(
    studentId: string,
    termId: string,
    sectionId: string,
    token: string,
    idempotencyKey: string,
  ): Promise<SectionOutcome[]> {
    const admission = await this.under(token, studentId, termId);
    return this.submit({
      kind: 'waitlist_join',
      ...base(studentId, termId, idempotencyKey),
      sectionIds: [sectionId],
      ...admission,
    });
  }

  /**
   * Leaves a waitlist, or declines an offer; that needs no admission.
   *
   * @throws DomainError as `SeatLedger.submit`
   */
  leaveWaitlist(
    studentId: string,
    termId: string,
    sectionId: string,
    idempotencyKey: string,
  ): Promise<SectionOutcome[]> {
    const request = { ...base(studentId, termId, idempotencyKey), sectionIds: [sectionId] };
    return this.submit({ kind: 'waitlist_leave', ...request });
  }

  /**
   * Takes the seat that was offered; that needs no admission.
   *
   * @throws DomainError as `SeatLedger.submit`
   */
  acceptOffer(studentId: string, termId: string, sectionId: string, idempotencyKey: string): Promise<SectionOutcome[]> {
    const request = { ...base(studentId, termId, idempotencyKey), sectionIds: [sectionId] };
    return this.submit({ kind: 'waitlist_accept', ...request });
  }

  /** Who shows an admission has seen it, before its turn in the ledger comes; who needs none has when it was accepted. */
  private async submit(request: StudentRequest): Promise<SectionOutcome[]> {
    const { studentId, termId } = request;
    const shown = 'admission' in request;
    if (shown) this.tokens.noteAct(studentId, termId);
    const outcomes = await this.decided(request);
    if (!shown) this.tokens.noteAct(studentId, termId);
    return outcomes;
  }

  /** What a student asked for and got is in the log, for when somebody wants to know why. */
  private async decided(request: StudentRequest): Promise<SectionOutcome[]> {
    const { kind, studentId: student, termId: term } = request;
    try {
      const outcomes = await this.ledger.submit(request);
      const told = outcomes.map(({ sectionId, outcome, error }) => `${sectionId} ${error?.code ?? outcome}`);
      this.logger.log(
        { code: 'seats_decided', kind, student, term, outcomes: told },
        'A request for seats was decided',
      );
      return outcomes;
    } catch (error) {
      const fields = { code: 'seats_refused', kind, student, term, sections: request.sectionIds, ...failure(error) };
      this.logger.log(fields, 'A request for seats was refused');
      throw error;
    }
  }

  /** An answer that was given during the admission is given again after it; everything else the ledger refuses then. */
  private async under(token: string, studentId: string, termId: string) {
    const { jti, expiresAt } = await this.tokens.verify(token, studentId, termId).catch((error: unknown) => {
      const fields = { code: 'seats_refused', student: studentId, term: termId, ...failure(error) };
      this.logger.log(fields, 'A request for seats was refused at the admission');
      throw error;
    });
    return { admission: jti, admissionExpiresAt: expiresAt };
  }
}

const base = (studentId: string, termId: string, idempotencyKey: string) => ({
  ...{ studentId, termId, idempotencyKey },
  deadline: performance.now() + PATIENCE_MS,
});
