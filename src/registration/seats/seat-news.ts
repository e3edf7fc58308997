import type { NoticeKind } from '../../contract/mails';
import type { EnrolmentChangedMessage } from '../../contract/seats';

/** One thing that a student is to be told by mail. */
export interface SeatNotice {
  studentId: string;
  termId: string;
  /** `section_closed`: to who keeps a seat in it. `waitlist_closed`: to who waited for one. */
  kind: NoticeKind;
  sectionId: string;
  /** `position` on the waitlist; `expiresAt` of an offer, ms since the Unix epoch; `reason` of a seat that was taken away. */
  details: Record<string, unknown>;
  /** The request by which it came to be. */
  requestId?: string;
}

export type EnrolmentChange = EnrolmentChangedMessage['changes'][number] & { studentId: string };

/** What one transaction of the ledger has changed in a term. */
export interface EnrolmentsChanged {
  termId: string;
  changes: EnrolmentChange[];
  /** Seats left after it, with the section's version: an older version never replaces a newer one. */
  sections: { id: string; left: number; version: number; capacity: number }[];
}
