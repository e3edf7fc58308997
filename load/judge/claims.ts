import { groupBy } from '../../src/common/collections';
import type { SeenAnswer, SeenNews, StudentRecord } from '../student/record';
import type { RunRecord } from './record';

/** Everything about one student and one section: what was asked, answered and told, and what the database says. */
export interface Claim {
  student: StudentRecord;
  sectionId: string;
  isWished: boolean;
  /** In the order in which they were given. */
  answers: SeenAnswer[];
  news: SeenNews[];
  /** The last answer of each kind, if there is one. */
  granted?: SeenAnswer;
  joined?: SeenAnswer;
  left?: SeenAnswer;
  dropped?: SeenAnswer;
  /** The first time that a seat from the waitlist was told. */
  promoted?: SeenNews;
  /** By the database, in the end. */
  isEnrolled: boolean;
  isWaiting: boolean;
}

const judged = new WeakMap<RunRecord, Claim[]>();

/** One for each pair of a student and a section that have anything to do with each other. */
export function claimsOf(record: RunRecord): Claim[] {
  let claims = judged.get(record);
  if (!claims) {
    const waiting = waitingSections(record);
    claims = record.students.flatMap((student) => claimsOfStudent(student, record, waiting.get(student.studentId)));
    judged.set(record, claims);
  }
  return claims;
}

/** The claims on each section. */
export function claimsBySection(record: RunRecord): Map<string, Claim[]> {
  return bySection(claimsOf(record));
}

/**
 * Where the student must be in the end, by what was answered and told; `waiting` may have become a seat meanwhile.
 * Nobody asks again for what was given up, so the order of messages does not matter.
 */
export function saidEnd({ granted, promoted, joined, left, dropped }: Claim): 'enrolled' | 'waiting' | 'out' {
  if (dropped ?? left) return 'out';
  if (granted ?? promoted) return 'enrolled';
  return joined ? 'waiting' : 'out';
}

/** Whether the student had a seat at any time, as far as anybody knows. */
export const everHad = ({ granted, promoted, dropped, isEnrolled }: Claim): boolean =>
  (granted ?? promoted ?? dropped) !== undefined || isEnrolled;

/** Whether the waitlist brought the seat. */
export const isPromoted = ({ granted, promoted, joined, dropped, isEnrolled }: Claim): boolean =>
  promoted !== undefined || (joined !== undefined && !granted && (isEnrolled || dropped !== undefined));

function claimsOfStudent(student: StudentRecord, { truth }: RunRecord, waiting = new Set<string>()): Claim[] {
  const { studentId, wishes, answers, news } = student;
  const enrolled = truth.enrolments.get(studentId) ?? new Set<string>();
  const answersOf = bySection(answers);
  const newsOf = bySection(news);
  const concerned = new Set([...wishes, ...answersOf.keys(), ...newsOf.keys(), ...enrolled, ...waiting]);
  return [...concerned].map((sectionId): Claim => {
    const given = answersOf.get(sectionId) ?? [];
    const told = newsOf.get(sectionId) ?? [];
    const last = (outcome: SeenAnswer['outcome']): SeenAnswer | undefined =>
      given.findLast((answer) => answer.outcome === outcome);
    return {
      ...{ student, sectionId, answers: given, news: told },
      ...{ granted: last('enrolled'), joined: last('waitlisted'), left: last('left'), dropped: last('dropped') },
      promoted: told.find(({ state, by }) => state === 'enrolled' && by === 'promotion'),
      isWished: wishes.includes(sectionId),
      isEnrolled: enrolled.has(sectionId),
      isWaiting: waiting.has(sectionId),
    };
  });
}

const bySection = <T extends { sectionId: string }>(items: readonly T[]): Map<string, T[]> =>
  groupBy(items, ({ sectionId }) => sectionId);

function waitingSections({ truth }: RunRecord): Map<string, Set<string>> {
  const sections = new Map<string, Set<string>>();
  for (const [sectionId, waiting] of truth.waits) {
    for (const { studentId } of waiting) {
      sections.set(studentId, (sections.get(studentId) ?? new Set()).add(sectionId));
    }
  }
  return sections;
}

/** For texts. */
export const claimName = ({ student, sectionId }: Claim): string => `${student.studentId}, ${sectionId}`;
