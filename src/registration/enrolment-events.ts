import { Injectable } from '@nestjs/common';
import { CommittedEvents } from './committed-events';

export interface EnrolmentChange {
  studentId: string;
  sectionId: string;
  /** `none`: neither seat nor turn any more (waitlist left, offer expired). */
  state: 'enrolled' | 'dropped' | 'waitlisted' | 'offered' | 'none';
  by: 'commit' | 'drop' | 'swap' | 'waitlist' | 'promotion' | 'operator';
  /** The wait ended because the section takes nobody any more. */
  closed?: true;
}

/** What one transaction of the ledger has changed in a term. */
export interface EnrolmentsChanged {
  termId: string;
  changes: EnrolmentChange[];
  /** Seats left after it, with the section's version: an older version never replaces a newer one. */
  sections: { id: string; left: number; version: number; capacity: number }[];
}

/** What this pod's ledger has committed. */
@Injectable()
export class EnrolmentEvents extends CommittedEvents<EnrolmentsChanged> {}
