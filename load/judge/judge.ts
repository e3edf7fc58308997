import {
  admittedTwice,
  overCapacity,
  overRate,
  stuckInside,
  trailProblems,
  unknownAdmissions,
  unknownPlaces,
} from './admission-promises';
import {
  brokenSwaps,
  seatsHeldForNobody,
  seatsKeptFromWaiting,
  uninvited,
  wrongNews,
  wrongWaits,
} from './change-promises';
import { lostStudents, numberProblems, positionRises } from './line-promises';
import { overtakes } from './overtakes';
import type { LineRecord, RunRecord, ServiceRecord } from './record';
import {
  doubledEnrolments,
  overfullSections,
  wrongAnswers,
  wrongCounts,
  wrongOutcomes,
  wrongRefusals,
} from './seat-promises';
import { lostConnections, thrownOut, unexpectedRefusals, unhandledErrors } from './service-promises';
import { waitlistOvertakes } from './waitlist-order';

/** What is promised, and how to find everything that breaks it. */
type Promises<R extends RunRecord> = Record<string, [promise: string, find: (record: R) => string[]]>;

/** Judged by what the students saw and where the seats are. */
const OF_STUDENTS = {
  wrongNumbers: ['one number for each student', ({ students }) => numberProblems(students)],
  positionsThatRose: ['no position ever rises', ({ students }) => positionRises(students)],
  overtakes: ['no overtakes among the present', seenOvertakes],
  lostStudents: ['nobody is lost', ({ students }) => lostStudents(students)],
  wrongOutcomes: ['enrolled = min(demand, capacity)', wrongOutcomes],
  sectionsOverCapacity: ['no section over its capacity', overfullSections],
  doubledEnrolments: ['no enrolment is doubled', doubledEnrolments],
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
} as const satisfies Promises<RunRecord>;

/** Judged by the trail and the admissions besides. */
const OF_LINE = {
  unfairTrail: ['a fair line, by the trail', trailProblems],
  unknownPlaces: ['the trail has every place', unknownPlaces],
  unknownAdmissions: ['every admission told is on record', unknownAdmissions],
  admittedTwice: ['nobody is let in twice', admittedTwice],
  overRate: ['never faster than the rate', overRate],
  overCapacity: ['never more inside than the capacity', overCapacity],
  stuckInside: ['whoever finished is out', stuckInside],
} as const satisfies Promises<LineRecord>;

/** Judged by how the processes fared besides. */
const OF_SERVICE = {
  unexpectedRefusals: ['errors are clear and may be tried again', unexpectedRefusals],
  lostConnections: ['no connection is lost', lostConnections],
  thrownOut: ['nobody is thrown out', thrownOut],
  wrongExits: ['processes end only when asked to', ({ service }) => [...service.wrongExits]],
  unhandledErrors: ['no unhandled error', unhandledErrors],
  faultProblems: ['the fault itself is withstood', ({ service }) => [...service.faultProblems]],
} as const satisfies Promises<ServiceRecord>;

const PROMISES = { ...OF_STUDENTS, ...OF_LINE, ...OF_SERVICE };

export type PromiseName = keyof typeof PROMISES;

export const ALL_PROMISES = Object.keys(PROMISES) as PromiseName[];

/** What is promised, in words. */
export const promiseText = (name: PromiseName): string => PROMISES[name][0];

export interface BrokenPromise {
  name: PromiseName;
  promise: string;
  count: number;
  /** The first few. */
  examples: string[];
}

const EXAMPLES = 5;

/**
 * Judges every promise of which the record has what is needed: by what the students saw and by the database, never by
 * the service's own counters. Pure.
 *
 * @returns how often each was broken, and how those were that are
 */
export function judge(record: RunRecord): { problems: Partial<Record<PromiseName, number>>; broken: BrokenPromise[] } {
  const found = findProblems(record);
  const broken = found.filter(([, texts]) => texts.length > 0);
  return {
    problems: Object.fromEntries(found.map(([name, texts]) => [name, texts.length])),
    broken: broken.map(([name, texts]) => ({
      ...{ name, promise: promiseText(name), count: texts.length },
      examples: texts.slice(0, EXAMPLES),
    })),
  };
}

function findProblems(record: RunRecord): [PromiseName, string[]][] {
  const { line, service } = record;
  const find = <R extends RunRecord>(promises: Promises<R>, facts: R): [PromiseName, string[]][] =>
    Object.entries(promises).map(([name, [, problems]]) => [name as PromiseName, problems(facts)]);
  return [
    ...find(OF_STUDENTS, record),
    ...(line ? find(OF_LINE, { ...record, line }) : []),
    ...(service ? find(OF_SERVICE, { ...record, service }) : []),
  ];
}

/** Where a socket that is there does not make its student present, nobody can say. */
function seenOvertakes(record: RunRecord): string[] {
  return record.service?.expects.socketIsPresence === false ? [] : overtakes(withUntold(record));
}

/**
 * With the admissions that the student never heard of, having given the place back in that moment: whoever went in was
 * not overtaken by those who went in later.
 */
function withUntold({ students, line }: RunRecord): RunRecord['students'] {
  const rows = new Map(line?.admissions.map((row) => [row.studentId, row]));
  return students.map((student) => {
    const row = rows.get(student.studentId);
    if (!row || !student.leftOnPurpose || student.admissions.length > 0) return student;
    const { number, expiresAt, admittedAt } = row;
    return { ...student, admissions: [{ number, expiresAt, serverTime: admittedAt }] };
  });
}
