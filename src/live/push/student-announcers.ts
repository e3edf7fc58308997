import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { groupBy } from '../../common/collections';
import { EnrolmentEvents } from '../../registration/ports';
import { FanOut } from '../fan-out/fan-out';
import type { EnrolmentsChanged } from '../../registration/seats/seat-news';
import { AdmissionService } from '../../admission/admission.service';
import { CartEvents } from '../../registration/students/cart.service';
import { LiveSessions } from '../live-sessions';
import type { StudentNews } from '../session';
import { EncodedMessage } from './encoded-message';
import { inTurns } from './in-turns';

/** Tells the sockets of this pod what any pod has to say to their students: in turns, and in order. */
@Injectable()
export class StudentAnnouncer implements OnModuleInit {
  private readonly logger = new Logger('Live');
  private told = Promise.resolve();

  constructor(
    private readonly fanOut: FanOut,
    private readonly sessions: LiveSessions,
  ) {}

  onModuleInit(): void {
    this.fanOut.onStudentsTold((news) => {
      this.told = this.told.then(() => this.tell(news));
    });
  }

  private tell(news: readonly StudentNews[]): Promise<void> {
    const tellStudent = (one: StudentNews): void => {
      const sessions = this.sessions.ofStudent(one[0]);
      if (sessions.length === 0) return;
      const message = encode(one);
      for (const { socket } of sessions) message.writeTo(socket);
    };
    return inTurns(news, tellStudent, { logger: this.logger, what: 'Telling students' });
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
function encode([, event, message]: StudentNews): EncodedMessage {
  return event === 'cart:changed' ? EncodedMessage.of(event, message) : EncodedMessage.of(event, message);
}
