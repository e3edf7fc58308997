import { type BrokenPromise, judge, type PromiseName } from '../judge/judge';
import { claimsOf, isPromoted } from '../judge/claims';
import type { RunRecord } from '../judge/record';
import { expectedEnrolments, refusalsByReason } from '../judge/seat-promises';
import type { SeenAnswer } from '../student/record';

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
  problems: Partial<Record<PromiseName, number>>;
  broken: BrokenPromise[];
}

/** Judges a rush, and sums up what came of it. */
export function verdictOf(record: RunRecord): Verdict {
  const { students, sections, truth } = record;
  const offered = new Set(sections.map(({ id }) => id));
  const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    joined: students.filter(({ numbers }) => numbers.length > 0).length,
    admitted: students.filter(({ admissions }) => admissions.length > 0).length,
    finished: students.filter(({ ending }) => ending?.kind === 'finished').length,
    wished: sum(students.map(({ wishes }) => wishes.filter((id) => offered.has(id)).length)),
    expected: sum([...expectedEnrolments(record).values()]),
    enrolled: sum([...truth.enrolments.values()].map(({ size }) => size)),
    refused: refusalsByReason(students),
    changes: changesIn(record),
    ...judge(record),
  };
}

function changesIn(record: RunRecord): Changes {
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
