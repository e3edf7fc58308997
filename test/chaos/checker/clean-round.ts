import type { LineEvent } from '../../../src/line/line-store';
import { newStudentView, type StudentView } from '../students/view';
import type { RoundRecord } from './record';

type Draft = LineEvent extends infer E ? (E extends LineEvent ? Omit<E, 'sequence'> : never) : never;

const STUDENTS = 6;
const LEASE_MS = 100_000;
const SECTIONS = { open: 'open', small: 'small' };

/** When each student joins, is let in and finishes, ms: the third goes in when the first is out. */
const joinedAt = (number: number): number => number * 10;
const admittedAt = (number: number): number => 1_000 + number * 1_000;
const endedAt = (number: number): number => admittedAt(number) + 1_500;

export const idOf = (number: number): string => `student-${number}`;

/**
 * A round in which every promise was kept: six students, all enrolled in `open`, the first two also in `small`, which has
 * two seats; the third has given `open` back.
 */
export function cleanRound(): RoundRecord {
  const students = Array.from({ length: STUDENTS }, (_, index) => viewOf(index + 1));
  const enrolments = students.flatMap(({ studentId }, index) => [
    ...(index === 2 ? [] : [{ studentId, sectionId: SECTIONS.open }]),
    ...(index < 2 ? [{ studentId, sectionId: SECTIONS.small }] : []),
  ]);
  const section = (id: string, capacity: number, taken: number) => ({ id, capacity, taken, held: 0, overrides: 0 });
  return {
    policy: { ratePerSecond: 1, capacity: 2 },
    expects: { socketsKept: true, mayRefuse: 'nothing', socketIsPresence: true },
    faultAt: 0,
    students,
    pseudonyms: new Map(students.map(({ studentId }) => [studentId, `pseudonym of ${studentId}`])),
    epochs: [{ epoch: 1, firstNumber: 1, restoredThrough: 0, checkpoint: [], events: trail() }],
    admissions: students.map(({ studentId }, index) => ({
      number: index + 1,
      studentId,
      admittedAt: admittedAt(index + 1),
      expiresAt: admittedAt(index + 1) + LEASE_MS,
      endedAt: endedAt(index + 1),
    })),
    enrolments,
    sections: [section(SECTIONS.open, 10, 5), section(SECTIONS.small, 2, 2)],
    wrongExits: [],
    logs: ['[Admission] all is well'],
    faultProblems: [],
  };
}

function viewOf(number: number): StudentView {
  const view = newStudentView(idOf(number), [SECTIONS.open, SECTIONS.small]);
  view.ticketAt = joinedAt(number);
  view.numbers.push(number);
  for (let position = number; position > 0; position -= 1) view.sights.push({ kind: 'shown', tab: 0, position });
  view.presence.push({ from: joinedAt(number), to: endedAt(number) });
  const serverTime = admittedAt(number) + 5;
  view.admissions.push({ number, expiresAt: admittedAt(number) + LEASE_MS, serverTime });
  view.seats.push({ sectionId: SECTIONS.open, asked: 'commit', outcome: 'enrolled' });
  view.seats.push(
    number <= 2
      ? { sectionId: SECTIONS.small, asked: 'commit', outcome: 'enrolled' }
      : { sectionId: SECTIONS.small, asked: 'commit', outcome: 'refused', code: 'section_full' },
  );
  if (number === 3) view.seats.push({ sectionId: SECTIONS.open, asked: 'drop', outcome: 'dropped' });
  view.ending = { kind: 'finished' };
  return view;
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
