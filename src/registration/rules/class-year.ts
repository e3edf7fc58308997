import { nameOf, type Refusal, type SectionFacts } from './facts';

/** The years of study that catalogues and policies know. */
export const CLASS_YEARS = ['firstyear', 'sophomore', 'junior', 'senior'] as const;

export type ClassYear = (typeof CLASS_YEARS)[number];

const SPELLINGS: Readonly<Record<string, ClassYear>> = {
  '1': 'firstyear',
  first: 'firstyear',
  freshman: 'firstyear',
  '2': 'sophomore',
  second: 'sophomore',
  sophomore: 'sophomore',
  '3': 'junior',
  third: 'junior',
  junior: 'junior',
  '4': 'senior',
  fourth: 'senior',
  senior: 'senior',
};

/** The year of study as rosters and sign-ins write it (`1`, `1st`, `First-year`, `freshman` …), or undefined. */
export function classYearOf(text: string | null | undefined): ClassYear | undefined {
  const plain = (text ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/year$/, '');
  return SPELLINGS[plain] ?? SPELLINGS[plain.replace(/(st|nd|rd|th)$/, '')];
}

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
