import { CartEntity } from './cart.entity';
import { CourseEntity } from './course.entity';
import { EnrolmentEntity } from './enrolment.entity';
import { MeetingEntity } from './meeting.entity';
import { SeatRequestEntity } from './seat-request.entity';
import { SectionEntity } from './section.entity';
import { TermEntity } from './term.entity';

/** What registration keeps in the database; the composition root opens the database with them. */
export const registrationEntities = [
  TermEntity,
  CourseEntity,
  SectionEntity,
  MeetingEntity,
  EnrolmentEntity,
  SeatRequestEntity,
  CartEntity,
];
