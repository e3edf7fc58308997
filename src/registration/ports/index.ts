import type { EntityManager } from 'typeorm';
import { Injectable } from '@nestjs/common';
import type { AdmissionLife } from '../../line/ticket';
import type { SeatNotice, EnrolmentsChanged } from '../seats/seat-news';
import { Topic } from '../../common/topic';

export interface AdmissionClaim {
  jti: string;
  studentId: string;
}

export type { AdmissionLife };

/** Port: whether admissions live. Bound by the composition root. */
export abstract class AdmissionCheck {
  /**
   * By jti. It is asked inside the ledger's transaction, under the students' locks; whoever ends an admission takes the
   * same lock. An admission of another student is `unknown`. Reads only.
   *
   * @param now ms since the Unix epoch, by the database's clock
   */
  abstract liveAdmissions(
    manager: EntityManager,
    claims: readonly AdmissionClaim[],
    now: number,
  ): Promise<Map<string, AdmissionLife>>;
}

/** What a token proves. */
export interface AdmissionProof {
  jti: string;
  roomId: string;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

/** Port: what an admission token proves. Bound by the composition root. */
export abstract class AdmissionTokens {
  /**
   * Checks the signature, and that it was given to this student for this term. Whether the admission still lives is
   * asked later, under the student's lock: the same request may have been answered while it did.
   *
   * @throws DomainError `admission_invalid`
   */
  abstract verify(token: string, studentId: string, termId: string): Promise<AdmissionProof>;

  /** The student has shown an admission, or done what was accepted: whoever is inside has seen the admission. */
  abstract noteAct(studentId: string, termId: string): void;
}

/** Port: what students are told. Bound by the composition root. */
export abstract class Outbox {
  /**
   * Writes into the ledger's own transaction: told if and only if it is true.
   *
   * @param now ms since the Unix epoch, by the database's clock
   */
  abstract add(manager: EntityManager, notices: readonly SeatNotice[], now: number): Promise<void>;
}

/** What this pod's ledger has committed, after every commit that changed something. Whoever listens tells other pods. */
@Injectable()
export class EnrolmentEvents extends Topic<[EnrolmentsChanged]> {}
