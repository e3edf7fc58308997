import type { ClassYear } from '../../../contract/fields';
import { nameOf, type Refusal, type SectionFacts } from './facts';

/** Seats that a section has for the student's own class year. */
export interface ClassYearSeats {
  classYear: ClassYear;
  /** 0: the section is not for this class year. */
  limit: number;
  taken: number;
}

/** A class year takes no more than its share. Whose year has no limit, or is not known, may take any seat. */
export function refuseClassYear(wanted: SectionFacts, share: ClassYearSeats | undefined): Refusal | undefined {
  if (!share || share.taken < share.limit) return undefined;
  const { classYear, limit, taken } = share;
  if (limit === 0) {
    return {
      code: 'class_year_refused',
      message: `${nameOf(wanted)} is not open to your class year.`,
      details: { classYear },
    };
  }
  return {
    code: 'class_year_full',
    message: `${nameOf(wanted)} has no more seats for your class year.`,
    details: { classYear, limit, taken },
  };
}
