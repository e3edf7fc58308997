import type { LineEvent } from '../../src/line/line-store';
import { newStudentRecord, type SeenAnswer, type StudentRecord } from '../student/record';
import type { SeatQuestion } from '../student/seat-request';
import { type SeatRows, truthOf } from './read-seats';
import type { LineRecord, RunRecord, ServiceRecord } from './record';

type Draft = LineEvent extends infer E ? (E extends LineEvent ? Omit<E, 'sequence'> : never) : never;

const STUDENTS = 6;
const LEASE_MS = 100_000;
const SECTIONS = { open: 'open', small: 'small' };

/** When each student joins, is let in and finishes, ms: the third goes in when the first is out. */
const joinedAt = (number: number): number => number * 10;
const admittedAt = (number: number): number => 1_000 + number * 1_000;
const endedAt = (number: number): number => admittedAt(number) + 1_500;

export const idOf = (number: number): string => `student-${number}`;

/** A round with everything that can be judged, and the rows of which its seats are told. */
export type Round = Omit<LineRecord & ServiceRecord, 'truth' | 'sections'> & {
  seats: SeatRows;
  /** Of each section. */
  capacities: Record<string, number>;
};

/**
 * A round in which every promise was kept: six students, all enrolled in `open`, the first two also in `small`, which has
 * two seats; the third has given `open` back.
 */
export function cleanRound(): Round {
  const students = Array.from({ length: STUDENTS }, (_, index) => recordOf(index + 1));
  const enrolments = students.flatMap(({ studentId }, index) => [
    ...(index === 2 ? [] : [row(studentId, SECTIONS.open)]),
    ...(index < 2 ? [row(studentId, SECTIONS.small)] : []),
  ]);
  return {
    students,
    capacities: { [SECTIONS.open]: 10, [SECTIONS.small]: 2 },
    seats: { enrolments, sections: [section(SECTIONS.open, 5, 5), section(SECTIONS.small, 2, 0)], entries: [] },
    line: {
      policy: { ratePerSecond: 1, capacity: 2 },
      pseudonyms: new Map(students.map(({ studentId }) => [studentId, `pseudonym of ${studentId}`])),
      epochs: [{ epoch: 1, firstNumber: 1, restoredThrough: 0, checkpoint: [], events: trail() }],
      admissions: students.map(({ studentId }, index) => ({
        number: index + 1,
        studentId,
        admittedAt: admittedAt(index + 1),
        expiresAt: admittedAt(index + 1) + LEASE_MS,
        endedAt: endedAt(index + 1),
      })),
    },
    service: {
      expects: { socketsKept: true, mayRefuse: 'joins', socketIsPresence: true },
      faultAt: 0,
      wrongExits: [],
      logs: ['[Admission] all is well'],
      faultProblems: [],
    },
  };
}

/** As it is judged. */
export function judged({ seats, capacities, ...round }: Round): RunRecord {
  const studentIds = round.students.map(({ studentId }) => studentId);
  const sections = Object.entries(capacities).map(([id, capacity]) => ({ id, capacity, seatsAtStart: capacity }));
  return { ...round, sections, truth: truthOf(seats, studentIds) };
}

/** An enrolment. */
export const row = (studentId: string, sectionId: string): SeatRows['enrolments'][number] => ({
  ...{ student_id: studentId, section_id: sectionId },
});

const section = (id: string, taken: number, left: number): SeatRows['sections'][number] => ({
  ...{ id, taken, seats_left: left },
});

/** A final answer, in the order in which they were asked for. */
export function answer(
  question: SeatQuestion,
  sectionId: string,
  outcome: SeenAnswer['outcome'],
  code?: string,
): SeenAnswer {
  return { question, sectionId, outcome, askedAt: 0, answeredAt: 0, ...(code !== undefined && { code }) };
}

function recordOf(number: number): StudentRecord {
  const record = newStudentRecord(idOf(number), [SECTIONS.open, SECTIONS.small]);
  record.ticketAt = joinedAt(number);
  record.numbers.push(number);
  for (let position = number; position > 0; position -= 1) record.sights.push({ kind: 'shown', tab: 0, position });
  record.presence.push({ from: joinedAt(number), to: endedAt(number) });
  const serverTime = admittedAt(number) + 5;
  record.admissions.push({ number, expiresAt: admittedAt(number) + LEASE_MS, serverTime });
  record.answers.push(answer('commit', SECTIONS.open, 'enrolled'));
  record.answers.push(
    number <= 2
      ? answer('commit', SECTIONS.small, 'enrolled')
      : answer('commit', SECTIONS.small, 'refused', 'section_full'),
  );
  if (number === 3) record.answers.push(answer('drop', SECTIONS.open, 'dropped'));
  record.ending = { kind: 'finished' };
  return record;
}

function trail(): LineEvent[] {
  const settings = { version: 1, control: 'auto' as const, opensAt: 0, ratePerSecond: 1, capacity: 2 };
  const drafts: Draft[] = [
    { type: 'settings', at: 0, settings: { ...settings, leaseMs: LEASE_MS, graceMs: 60_000, noShowMs: 60_000 } },
  ];
  for (let number = 1; number <= STUDENTS; number += 1) {
    const ticket = { number, studentId: `pseudonym of ${idOf(number)}` };
    const admitted = admittedAt(number);
    drafts.push({ type: 'joined', at: joinedAt(number), ...ticket, ticketEpoch: 1 });
    drafts.push({ type: 'admitted', at: admitted, ...ticket, expiresAt: admitted + LEASE_MS });
    drafts.push({ type: 'acknowledged', at: admitted + 10, ...ticket });
    drafts.push({ type: 'ended', at: endedAt(number), ...ticket, reason: 'finished' });
  }
  return drafts.sort((one, other) => one.at - other.at).map((draft, index) => ({ ...draft, sequence: index + 1 }));
}
