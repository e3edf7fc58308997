import type { MigrationInterface } from 'typeorm';
import { CreateStudents1764000000050 } from './1764000000050-create-students';
import { CreateRooms1764000000100 } from './1764000000100-create-rooms';
import { CreateTrail1764000000200 } from './1764000000200-create-trail';
import { CreateAdmissions1764000000300 } from './1764000000300-create-admissions';
import { CreateSeats1764000000400 } from './1764000000400-create-seats';
import { CreateOutbox1764000000600 } from './1764000000600-create-outbox';
import { CreateCart1764000000700 } from './1764000000700-create-cart';
import { CreateWaitlists1764000000850 } from './1764000000850-create-waitlists';
import { CreateLottery1764000000900 } from './1764000000900-create-lottery';
import { CreateReplicaBeat1764000001000 } from './1764000001000-create-replica-beat';
import { NameRoomLives1764000001100 } from './1764000001100-name-room-lives';
import { ArchiveRooms1764000001110 } from './1764000001110-archive-rooms';
import { MarkSiteRooms1764000001200 } from './1764000001200-mark-site-rooms';
import { ChooseEarlyGrace1764000001210 } from './1764000001210-choose-early-grace';
import { CreateRoster1764000001220 } from './1764000001220-create-roster';
import { NameSectionsByTerm1764000001300 } from './1764000001300-name-sections-by-term';
import { DateMeetings1764000001310 } from './1764000001310-date-meetings';
import { CreateSeatStop1764000001400 } from './1764000001400-create-seat-stop';
import { CreateStudentCreditLimit1764000001410 } from './1764000001410-create-student-credit-limit';
import { ArchiveTerms1764000001420 } from './1764000001420-archive-terms';
import { CreateSignInEnds1764000001600 } from './1764000001600-create-sign-in-ends';
import { NoteRequestOfMail1764000002300 } from './1764000002300-note-request-of-mail';
import { CreateOperatorActs1764000002600 } from './1764000002600-create-operator-acts';

/**
 * Every migration, oldest first; never change one that was released. A migration is a class named after what it does,
 * followed by the 13 digits of the millisecond it was written at (TypeORM orders by them), in a file of its own here.
 * It builds tables with `createTable` and the column helpers of ../table, so that it runs on SQLite and on MySQL.
 */
export const migrations: (new () => MigrationInterface)[] = [
  CreateStudents1764000000050,
  CreateRooms1764000000100,
  CreateTrail1764000000200,
  CreateAdmissions1764000000300,
  CreateSeats1764000000400,
  CreateOutbox1764000000600,
  CreateCart1764000000700,
  CreateWaitlists1764000000850,
  CreateLottery1764000000900,
  CreateReplicaBeat1764000001000,
  NameRoomLives1764000001100,
  ArchiveRooms1764000001110,
  MarkSiteRooms1764000001200,
  ChooseEarlyGrace1764000001210,
  CreateRoster1764000001220,
  NameSectionsByTerm1764000001300,
  DateMeetings1764000001310,
  CreateSeatStop1764000001400,
  CreateStudentCreditLimit1764000001410,
  ArchiveTerms1764000001420,
  CreateSignInEnds1764000001600,
  NoteRequestOfMail1764000002300,
  CreateOperatorActs1764000002600,
];
