import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { groupBy } from '../../common/collections';
import { forEach } from '../../common/topic';
import { EnrolmentEvents } from '../../registration/ports';
import { FanOut } from '../fan-out/fan-out';
import type { EnrolmentsChanged } from '../../registration/seats/seat-news';
import { AdmissionService } from '../../admission/admission.service';
import { CartEvents } from '../../registration/students/cart.service';
import { LiveSessions } from '../live-sessions';
import type { LiveSocket, StudentNews } from '../session';

/** Tells the sockets of this pod what any pod has to say to their students. */
@Injectable()
export class StudentAnnouncer implements OnModuleInit {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly fanOut: FanOut,
    private readonly sessions: LiveSessions,
  ) {}

  onModuleInit(): void {
    this.fanOut.onStudentsTold((news) => {
      forEach(this.logger, 'Telling students', news, (one) => {
        for (const { socket } of this.sessions.ofStudent(one[0])) tell(socket, one);
      });
    });
  }
}

/** Tells all pods what the ledger has committed for which student. */
@Injectable()
export class EnrolmentAnnouncer implements OnModuleInit {
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
    const news = [...byStudent].map(([studentId, own]): StudentNews => {
      return [studentId, 'enrolment:changed', { termId, changes: own }];
    });
    this.fanOut.tellStudents(news);
  }
}

/** Tells all pods that a student's cart was changed, and so the tabs and devices that did not. */
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
      this.fanOut.tellStudents([[studentId, 'cart:changed', { termId, version }]]);
    });
  }
}

/** Either pair of event and message by itself, so that both are checked. */
function tell(socket: LiveSocket, [, event, message]: StudentNews): void {
  if (event === 'cart:changed') socket.emit(event, message);
  else socket.emit(event, message);
}
