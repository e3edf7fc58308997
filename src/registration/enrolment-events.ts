import { Injectable, Logger } from '@nestjs/common';
import { errorText } from '../common/text';

export interface EnrolmentChange {
  studentId: string;
  sectionId: string;
  /** `none`: neither seat nor turn any more (waitlist left, offer expired). */
  state: 'enrolled' | 'dropped' | 'waitlisted' | 'offered' | 'none';
  by: 'commit' | 'drop' | 'swap' | 'waitlist' | 'promotion' | 'operator';
}

/** What one transaction of the ledger has changed in a term. */
export interface EnrolmentsChanged {
  termId: string;
  changes: EnrolmentChange[];
  /** Seats left after it, with the section's version: an older version never replaces a newer one. */
  sections: { id: string; left: number; version: number }[];
}

/** Says what this pod's ledger has committed. Other pods are told by whoever listens. */
@Injectable()
export class EnrolmentEvents {
  private readonly logger = new Logger('Enrolments');
  private readonly listeners: ((event: EnrolmentsChanged) => void)[] = [];

  /** Calls `listener` after every commit that changed something. */
  onChanged(listener: (event: EnrolmentsChanged) => void): void {
    this.listeners.push(listener);
  }

  /** What is committed is committed: a listener that throws is logged, and the others still hear of it. */
  changed(event: EnrolmentsChanged): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error(`A listener failed: ${errorText(error)}`);
      }
    }
  }
}
