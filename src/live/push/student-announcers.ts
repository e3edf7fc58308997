import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { groupBy } from '../../common/collections';
import { forEach } from '../../common/topic';
import { EnrolmentEvents } from '../../registration/ports';
import { FanOut } from '../fan-out/fan-out';
import type { EnrolmentsChanged } from '../../registration/seats/seat-news';
import { AdmissionService } from '../../admission/admission.service';
import { CartEvents } from '../../registration/students/cart.service';

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

/** Tells all sockets of a student, on all pods, that the cart was changed, and so the tabs and devices that did not. */
@Injectable()
export class CartAnnouncer implements OnModuleInit {
  constructor(
    private readonly changes: CartEvents,
    private readonly fanOut: FanOut,
    private readonly admissions: AdmissionService,
  ) {}

  onModuleInit(): void {
    this.changes.subscribe(({ studentId, termId, version }) => {
      this.admissions.noteAct(studentId, termId);
      this.fanOut.tellStudent(studentId, 'cart:changed', { termId, version });
    });
  }
}
