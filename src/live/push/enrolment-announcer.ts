import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { groupBy } from '../../common/collections';
import { forEach } from '../../common/topic';
import { EnrolmentEvents } from '../../registration/ports';
import { FanOut } from '../fan-out/fan-out';
import type { EnrolmentsChanged } from '../../registration/seats/seat-news';

/** Tells all sockets of a student, on all pods, what the ledger has committed for them. */
@Injectable()
export class EnrolmentAnnouncer implements OnModuleInit {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly changes: EnrolmentEvents,
    private readonly fanOut: FanOut,
  ) {}

  onModuleInit(): void {
    this.changes.subscribe((changed) => this.tell(changed));
  }

  private tell({ termId, changes }: EnrolmentsChanged): void {
    const byStudent = groupBy(
      changes,
      ({ studentId }) => studentId,
      ({ studentId: _, ...change }) => change,
    );
    forEach(this.logger, 'Telling of enrolments', byStudent, ([studentId, own]) => {
      this.fanOut.tellStudent(studentId, 'enrolment:changed', { termId, changes: own });
    });
  }
}
