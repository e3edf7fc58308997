import type { EnrolmentWindows } from '../../../contract/policy';
import type { ClassYear } from '../../../contract/fields';
import { type ClassYearSeats, refuseClassYear } from './class-year';
import { refuseCredits } from './credit-limit';
import { refuseDuplicate, refuseSameCourse } from './same-course';
import type { Refusal, SeatFacts, SectionFacts } from './facts';
import { refuseClosed, refuseFull } from './seats';
import { refuseTimeConflict } from './time-conflict';
import { refuseWindow } from './window';

export { classYearOf } from '../../../identity/class-year';
export { type ClassYearSeats } from './class-year';
export { creditLimitOf, hundredths } from './credit-limit';
export type { MeetingFact, Refusal, SeatFacts, SectionFacts } from './facts';
export { seatsLeft } from './facts';
export { meetTogether } from './time-conflict';
export { windowOf } from './window';

/** What a student could change: the timetable and the credits. */
export interface TimetableQuestion {
  wanted: SectionFacts;
  /** All sections of the term that the student has, those of the same request included. */
  enrolled: readonly SectionFacts[];
  creditLimitHundredths: number;
}

/** What is asked of a student who acts, and not of one whom the waitlist's turn has come to. */
export interface WindowQuestion {
  windows: EnrolmentWindows;
  classYear: ClassYear | undefined;
  /** ms since the Unix epoch. */
  now: number;
}

export interface EnrolmentQuestion extends TimetableQuestion {
  seats: SeatFacts;
  /** The seats for the student's class year, where these are limited. */
  classYearSeats?: ClassYearSeats;
  window?: WindowQuestion;
  /** Why the student may take no seat at all, not even one that the waitlist's turn brings; only an operator can give one. */
  barred?: Refusal;
}

/**
 * Whether a student may have one more seat, or the first thing that stands in the way. What the student can change comes
 * before what depends on others, so "full" means that nothing else was wrong.
 */
export function refuseEnrolment(question: EnrolmentQuestion): Refusal | undefined {
  const { wanted, seats, classYearSeats } = question;
  return refuseWaiting(question) ?? refuseClassYear(wanted, classYearSeats) ?? refuseFull(wanted, seats);
}

/** Whether a student may wait for a seat: as for having one, but for how many there are. */
export function refuseWaiting(question: EnrolmentQuestion): Refusal | undefined {
  const { wanted, seats, enrolled, window, classYearSeats } = question;
  const noSeatsEver = classYearSeats?.limit === 0 ? classYearSeats : undefined;
  return (
    question.barred ??
    refuseDuplicate(wanted, enrolled) ??
    (window && refuseWindow(window.windows, window.classYear, window.now)) ??
    refuseClosed(wanted, seats) ??
    refuseClassYear(wanted, noSeatsEver) ??
    refuseTimetable(question)
  );
}

/** Whether a seat that is the student's already (held for the waitlist's turn, or accepted) may become an enrolment. */
export function refuseHeldSeat(question: EnrolmentQuestion): Refusal | undefined {
  const { wanted, seats, enrolled, classYearSeats } = question;
  return (
    question.barred ??
    refuseDuplicate(wanted, enrolled) ??
    refuseClosed(wanted, seats) ??
    refuseTimetable(question) ??
    refuseClassYear(wanted, classYearSeats)
  );
}

/**
 * What holds even where an operator puts a student in beyond the seats.
 *
 * @param options.anyCredits the operator says that the limit of credits does not count
 */
export function refuseOverride(
  question: TimetableQuestion,
  { anyCredits = false }: { anyCredits?: boolean } = {},
): Refusal | undefined {
  const creditLimitHundredths = anyCredits ? Number.POSITIVE_INFINITY : question.creditLimitHundredths;
  return refuseDuplicate(question.wanted, question.enrolled) ?? refuseTimetable({ ...question, creditLimitHundredths });
}

function refuseTimetable({ wanted, enrolled, creditLimitHundredths }: TimetableQuestion): Refusal | undefined {
  return (
    refuseSameCourse(wanted, enrolled) ??
    refuseTimeConflict(wanted, enrolled) ??
    refuseCredits(wanted, enrolled, creditLimitHundredths)
  );
}
