import { Injectable } from '@nestjs/common';
import { AdmissionTokens } from './admission-ports';
import { SeatLedger } from './seat-ledger';
import type { SectionOutcome } from './seat-request';

/** How long a request may wait for its batch before it is answered `busy`, ms. */
const PATIENCE_MS = 10_000;

/** Seats for one student: checks the admission token and asks the ledger. */
@Injectable()
export class EnrolmentService {
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
    const { jti } = await this.tokens.verify(token, studentId, termId);
    const deadline = Date.now() + PATIENCE_MS;
    return this.ledger.submit({
      kind: 'commit',
      ...{ studentId, termId, sectionIds, idempotencyKey, deadline },
      admission: jti,
    });
  }

  /**
   * Gives a seat back; that needs no admission.
   *
   * @throws DomainError as `SeatLedger.submit`
   */
  drop(studentId: string, termId: string, sectionId: string, idempotencyKey: string): Promise<SectionOutcome[]> {
    const deadline = Date.now() + PATIENCE_MS;
    return this.ledger.submit({
      kind: 'drop',
      ...{ studentId, termId, idempotencyKey, deadline },
      sectionIds: [sectionId],
    });
  }
}
