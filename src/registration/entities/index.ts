import { CartEntity } from './cart.entity';
import { CourseEntity } from './course.entity';
import { EnrolmentEntity } from './enrolment.entity';
import { MeetingEntity } from './meeting.entity';
import { SeatActEntity } from './seat-act.entity';
import { SeatHoldEntity } from './seat-hold.entity';
import { SeatRequestEntity } from './seat-request.entity';
import { SeatStopEntity } from './seat-stop.entity';
import { SectionEntity } from './section.entity';
import { StudentCreditLimitEntity } from './student-credit-limit.entity';
import { TermEntity } from './term.entity';
import { WaitlistEntryEntity } from './waitlist-entry.entity';

/** What registration keeps in the database; the composition root opens the database with them. */
export const registrationEntities = [
  TermEntity,
  CourseEntity,
  SectionEntity,
  MeetingEntity,
  EnrolmentEntity,
  SeatRequestEntity,
  CartEntity,
  WaitlistEntryEntity,
  SeatHoldEntity,
  SeatActEntity,
  SeatStopEntity,
  StudentCreditLimitEntity,
];
