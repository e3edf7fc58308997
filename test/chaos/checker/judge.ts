import { lostStudents, numberProblems, positionRises } from '../../../load/judge/line-promises';
import { overtakes } from '../../../load/judge/overtakes';
import { admittedTwice, overCapacity, overRate, stuckInside, unknownAdmissions, unknownPlaces } from './line-checks';
import { trailProblems } from './trail-checks';
import type { RoundRecord } from './record';
import {
  doubledEnrolments,
  ghostEnrolments,
  lostEnrolments,
  oversold,
  unanswered,
  wrongCounts,
  wrongRefusals,
} from './seat-checks';
import { lostConnections, thrownOut, unexpectedRefusals, unhandledErrors } from './service-checks';

const stayed = ({ students }: RoundRecord): RoundRecord['students'] =>
  students.filter(({ leftOnPurpose }) => !leftOnPurpose);

/**
 * With the admissions that the student never heard of, having given the place back in that moment: whoever went in was
 * not overtaken by those who went in later.
 */
function withUntold({ students, admissions }: RoundRecord): RoundRecord['students'] {
  const rows = new Map(admissions.map((row) => [row.studentId, row]));
  return students.map((view) => {
    const row = rows.get(view.studentId);
    if (!row || !view.leftOnPurpose || view.admissions.length > 0) return view;
    const { number, expiresAt, admittedAt } = row;
    return { ...view, admissions: [{ number, expiresAt, serverTime: admittedAt }] };
  });
}

/** How to find everything that breaks each promise. */
const PROMISES = {
  'one number for each student': ({ students }) => numberProblems(students),
  'no position ever rises': ({ students }) => positionRises(students),
  'nobody is lost': (record) => lostStudents(stayed(record)),
  'no overtakes, as the students saw it': (record) =>
    record.expects.socketIsPresence ? overtakes(withUntold(record)) : [],
  'a fair line, by the trail': trailProblems,
  'the trail has every place': unknownPlaces,
  'every admission told is on record': unknownAdmissions,
  'nobody is let in twice': admittedTwice,
  'never faster than the rate': overRate,
  'never more inside than the capacity': overCapacity,
  'whoever finished is out': stuckInside,
  'no acknowledged enrolment is lost': lostEnrolments,
  'no enrolment that nobody was told of': ghostEnrolments,
  'no enrolment is doubled': doubledEnrolments,
  'no seat is sold twice': oversold,
  'counts agree with enrolments': wrongCounts,
  'every wish is answered': unanswered,
  'refused only when seats ran out': wrongRefusals,
  'errors are clear and may be tried again': unexpectedRefusals,
  'no connection is lost': lostConnections,
  'nobody is thrown out': thrownOut,
  'processes end only when asked to': ({ wrongExits }) => [...wrongExits],
  'no unhandled error': unhandledErrors,
  'the fault itself is withstood': ({ faultProblems }) => [...faultProblems],
} as const satisfies Record<string, (record: RoundRecord) => string[]>;

export type Promised = keyof typeof PROMISES;

export const ALL_PROMISES = Object.keys(PROMISES) as Promised[];

export interface BrokenPromise {
  promise: Promised;
  count: number;
  /** The first few. */
  examples: string[];
}

const EXAMPLES = 5;

/** Judges a round. Pure: looks at nothing but the record. */
export function judgeRound(record: RoundRecord): BrokenPromise[] {
  return ALL_PROMISES.flatMap((promise) => {
    const texts = PROMISES[promise](record);
    return texts.length === 0 ? [] : [{ promise, count: texts.length, examples: texts.slice(0, EXAMPLES) }];
  });
}
