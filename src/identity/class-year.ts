import { CLASS_YEARS, type ClassYear } from '../contract/fields';
import type { StatedYear } from '../config/config';

/** Whoever is in none of them: graduates, guests. */
export const OTHER = 'other';

/** How the years are written, in words that stand alone: any spelling is one or more of these that mean the same year. */
const WORDS: Readonly<Record<ClassYear, readonly string[]>> = {
  firstyear: ['1', '1st', 'first', 'firstyear', 'freshman', 'freshmen', 'fresher', 'frosh', 'fr', 'fy', 'y1'],
  sophomore: ['2', '2nd', 'second', 'secondyear', 'sophomore', 'so', 'soph', 'y2'],
  junior: ['3', '3rd', 'third', 'thirdyear', 'junior', 'jr', 'y3'],
  senior: ['4', '4th', 'fourth', 'fourthyear', 'senior', 'sr', 'y4'],
};

const YEAR_OF: ReadonlyMap<string, ClassYear> = new Map(
  CLASS_YEARS.flatMap((year) => WORDS[year].map((word) => [word, year] as const)),
);

/** Words beside the year that say nothing of which one it is. */
const FILLERS = new Set(['year', 'yr', 'class', 'grade', 'level', 'student', 'standing', 'of', 'study', '학년', '제']);

/**
 * The year of study as rosters and providers write it: `1`, `4.0`, `3rd`, `Year 4`, `First-year`, `SR`, `Senior (4)`,
 * `4학년`. Undefined for anything else, also for what would be two years at once.
 */
export function classYearOf(text: string | null | undefined): ClassYear | undefined {
  const words = wordsOf(text ?? '').filter((word) => !FILLERS.has(word));
  const years = new Set(words.map((word) => YEAR_OF.get(word)));
  return years.size === 1 ? [...years][0] : undefined;
}

/** In lower case; numbers as spreadsheets write them (`4.0`, `04`) are whole ones. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const whole = plain.replace(/(?<![\d.])0*(\d+)(?:\.0+)?(?![\d.])/g, '$1');
  return whole.match(/\d+(?:\.\d+)?(?:st|nd|rd|th)?|y\d(?!\d)|\p{L}+/gu) ?? [];
}

const sameText = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** How class years are read: as the university has stated (CLASS_YEARS), else as they are commonly written. */
export class ClassYears {
  private readonly stated: ReadonlyMap<string, StatedYear['year']>;

  constructor(stated: readonly StatedYear[] = []) {
    this.stated = new Map(stated.map(({ spelling, year }) => [sameText(spelling), year]));
  }

  /**
   * The class year to keep of a student, which `classYearOf` understands: a stated spelling becomes the year it means, a
   * common one stays as it is written. Undefined for a spelling that nobody has stated.
   */
  read(text: string): string | undefined {
    const stated = this.stated.get(sameText(text));
    if (stated !== undefined) return stated;
    return classYearOf(text) !== undefined || sameText(text) === OTHER ? text : undefined;
  }
}
