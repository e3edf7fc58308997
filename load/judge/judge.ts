import type { RushRecord } from './record';
import type { SeenAnswer } from '../student/record';
import {
  brokenSwaps,
  seatsHeldForNobody,
  seatsKeptFromWaiting,
  uninvited,
  wrongNews,
  wrongWaits,
} from './change-promises';
import { claimsOf, isPromoted } from './claims';
import { lostStudents, numberProblems, positionRises } from './line-promises';
import { overtakes } from './overtakes';
import {
  expectedEnrolments,
  overfullSections,
  refusalsByReason,
  wrongAnswers,
  wrongCounts,
  wrongOutcomes,
  wrongRefusals,
} from './seat-promises';
import { waitlistOvertakes } from './waitlist-order';

/** How many promises were broken in which way, each with what is promised and how to find everything that breaks it. */
const PROMISES = {
  wrongNumbers: ['one number for each student', ({ students }: RushRecord) => numberProblems(students)],
  positionsThatRose: ['no position ever rises', ({ students }: RushRecord) => positionRises(students)],
  overtakes: ['no overtakes among the present', ({ students }: RushRecord) => overtakes(students)],
  lostStudents: ['nobody is lost', ({ students }: RushRecord) => lostStudents(students)],
  wrongOutcomes: ['enrolled = min(demand, capacity)', wrongOutcomes],
  sectionsOverCapacity: ['no section over its capacity', overfullSections],
  wrongCounts: ['counts agree with enrolments', wrongCounts],
  wrongAnswers: ['answers agree with the database', wrongAnswers],
  wrongRefusals: ['refused only when seats ran out', wrongRefusals],
  uninvited: ['nobody enrolled without asking', uninvited],
  brokenSwaps: ['a swap is both or neither', brokenSwaps],
  seatsKeptFromWaiting: ['no free seat while somebody waits', seatsKeptFromWaiting],
  seatsHeldForNobody: ['no seat held for nobody', seatsHeldForNobody],
  waitlistOvertakes: ['waitlists served in order', waitlistOvertakes],
  wrongWaits: ['no turn on a waitlist is lost', wrongWaits],
  wrongNews: ['told of every promotion', wrongNews],
} as const satisfies Record<string, [promise: string, find: (record: RushRecord) => string[]]>;

export type ProblemName = keyof typeof PROMISES;

/** What is promised, in words. */
export const promiseText = (name: ProblemName): string => PROMISES[name][0];

export interface BrokenPromise {
  name: ProblemName;
  promise: string;
  count: number;
  /** The first few. */
  examples: string[];
}

/** How often students changed something, and how. */
export interface Changes {
  drops: number;
  swaps: number;
  refusedSwaps: number;
  waitlisted: number;
  left: number;
  promoted: number;
  stillWaiting: number;
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
  changes: Changes;
  /** How often each promise was broken. */
  problems: Record<ProblemName, number>;
  broken: BrokenPromise[];
}

const EXAMPLES = 5;

/** Judges every promise by what the students saw and by the database; never by the service's own counters. */
export function judge(record: RushRecord): Verdict {
  const names = Object.keys(PROMISES) as ProblemName[];
  const found = names.map((name) => ({ name, texts: PROMISES[name][1](record) }));
  const { students, sections, truth } = record;
  const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    joined: students.filter(({ numbers }) => numbers.length > 0).length,
    admitted: students.filter(({ admissions }) => admissions.length > 0).length,
    finished: students.filter(({ ending }) => ending?.kind === 'finished').length,
    wished: sum(sections.map(({ demand }) => demand)),
    expected: sum([...expectedEnrolments(record).values()]),
    enrolled: sum([...truth.enrolments.values()].map(({ size }) => size)),
    refused: refusalsByReason(students),
    changes: changesIn(record),
    problems: Object.fromEntries(found.map(({ name, texts }) => [name, texts.length])) as Record<ProblemName, number>,
    broken: found
      .filter(({ texts }) => texts.length > 0)
      .map(({ name, texts }) => ({
        name,
        promise: promiseText(name),
        count: texts.length,
        examples: texts.slice(0, EXAMPLES),
      })),
  };
}

function changesIn(record: RushRecord): Changes {
  const claims = claimsOf(record);
  const answers = record.students.flatMap((student) => student.answers);
  const count = (question: SeenAnswer['question'], outcome: SeenAnswer['outcome']): number =>
    answers.filter((answer) => answer.question === question && answer.outcome === outcome).length;
  return {
    drops: count('drop', 'dropped'),
    swaps: count('swap', 'enrolled'),
    refusedSwaps: count('swap', 'refused'),
    waitlisted: count('join', 'waitlisted'),
    left: count('leave', 'left'),
    promoted: claims.filter(isPromoted).length,
    stillWaiting: claims.filter(({ isWaiting }) => isWaiting).length,
  };
}
