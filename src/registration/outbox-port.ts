import type { EntityManager } from 'typeorm';

/** One thing that a student is to be told by mail. */
export interface SeatNotice {
  studentId: string;
  termId: string;
  /** `section_closed`: to who keeps a seat in it. `waitlist_closed`: to who waited for one. */
  kind:
    | 'enrolled'
    | 'dropped'
    | 'waitlisted'
    | 'promoted'
    | 'offered'
    | 'offer_expired'
    | 'section_closed'
    | 'waitlist_closed';
  sectionId: string;
  /** `position` on the waitlist; `expiresAt` of an offer, ms since the Unix epoch; `reason` of a seat that was taken away. */
  details: Record<string, unknown>;
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
