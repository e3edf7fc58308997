import type { RushRecord } from './observation';
import { lostStudents, numberProblems, positionRises } from './promises/line-promises';
import { overtakes } from './promises/overtakes';
import {
  expectedEnrolments,
  overfullSections,
  refusalsByReason,
  wrongAnswers,
  wrongOutcomes,
  wrongRefusals,
} from './promises/seat-promises';

/** What the service promises, and how to find everything that breaks it: one text each. */
const PROMISES = {
  'one number for each student': ({ students }: RushRecord) => numberProblems(students),
  'no position ever rises': ({ students }: RushRecord) => positionRises(students),
  'no overtakes among the present': ({ students }: RushRecord) => overtakes(students),
  'nobody is lost': ({ students }: RushRecord) => lostStudents(students),
  'enrolled = min(demand, capacity)': wrongOutcomes,
  'no section over its capacity': overfullSections,
  'answers agree with the database': wrongAnswers,
  'refused only when seats ran out': wrongRefusals,
} as const;

export type PromiseName = keyof typeof PROMISES;

export interface BrokenPromise {
  promise: PromiseName;
  count: number;
  /** The first few. */
  examples: string[];
}

/** What came of the rush. */
export interface Verdict {
  joined: number;
  admitted: number;
  finished: number;
  /** Seats that were wished for, that should have been granted, and that were. */
  wished: number;
  expected: number;
  enrolled: number;
  refused: Record<string, number>;
  /** How often each promise was broken. */
  problems: Record<PromiseName, number>;
  broken: BrokenPromise[];
}

const EXAMPLES = 5;

/** Judges every promise by what the students saw and by the database; never by the service's own counters. */
export function judge(record: RushRecord): Verdict {
  const found = Object.entries(PROMISES).map(([name, find]) => ({ name: name as PromiseName, texts: find(record) }));
  const { students, sections, truth } = record;
  const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    joined: students.filter(({ numbers }) => numbers.length > 0).length,
    admitted: students.filter(({ admissions }) => admissions.length > 0).length,
    finished: students.filter(({ ending }) => ending?.kind === 'finished').length,
    wished: sum(sections.map(({ demand }) => demand)),
    expected: sum(sections.map(expectedEnrolments)),
    enrolled: sum([...truth.enrolments.values()].map(({ size }) => size)),
    refused: refusalsByReason(students),
    problems: Object.fromEntries(found.map(({ name, texts }) => [name, texts.length])) as Record<PromiseName, number>,
    broken: found
      .filter(({ texts }) => texts.length > 0)
      .map(({ name, texts }) => ({ promise: name, count: texts.length, examples: texts.slice(0, EXAMPLES) })),
  };
}
