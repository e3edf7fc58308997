import { Injectable } from '@nestjs/common';
import type { EnrolmentChangedMessage } from '../contract/seats';
import { CommittedEvents } from './committed-events';

export type EnrolmentChange = EnrolmentChangedMessage['changes'][number] & { studentId: string };

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
