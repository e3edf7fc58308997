import { refuseCredits } from './credit-limit';
import { refuseDuplicate } from './duplicate';
import type { Refusal, SeatFacts, SectionFacts } from './facts';
import { refuseSameCourse } from './same-course';
import { refuseClosed, refuseFull } from './seats';
import { refuseTimeConflict } from './time-conflict';

export type { MeetingFact, Refusal, SeatFacts, SectionFacts } from './facts';
export { seatsLeft } from './facts';

export interface EnrolmentQuestion {
  wanted: SectionFacts;
  seats: SeatFacts;
  /** All sections of the term that the student has, those of the same request included. */
  enrolled: readonly SectionFacts[];
  creditLimitHundredths: number;
}

/**
 * Whether a student may have one more seat, or the first thing that stands in the way. What the student can change comes
 * before what depends on others, so "full" means that nothing else was wrong.
 */
export function refuseEnrolment(question: EnrolmentQuestion): Refusal | undefined {
  const { wanted, seats, enrolled, creditLimitHundredths } = question;
  return (
    refuseDuplicate(wanted, enrolled) ??
    refuseClosed(wanted, seats) ??
    refuseSameCourse(wanted, enrolled) ??
    refuseTimeConflict(wanted, enrolled) ??
    refuseCredits(wanted, enrolled, creditLimitHundredths) ??
    refuseFull(wanted, seats)
  );
}
