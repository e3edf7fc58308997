import { groupBy } from '../../src/common/collections';
import { verifyTrail } from '../../src/trail/verify';
import type { AdmissionFact, LineRecord } from './record';

/** Longest stretch that one tick may make up for, ms: as the trail's checker has it. */
const TICK_SLACK_MS = 2_500;

/** What the product's own checker finds in the trail. */
export function trailProblems({ line: { epochs } }: LineRecord): string[] {
  return verifyTrail(epochs).violations.map(
    ({ rule, epoch, sequence, text }) => `${rule} at ${epoch}/${sequence}: ${text}`,
  );
}

/**
 * Every place that a student was told, kept or given back, is in the trail under that student. Where the line was rebuilt, a
 * place that the lost store alone knew comes back with its student only: of who gave it up before that, nothing is left.
 */
export function unknownPlaces({ students, line }: Pick<LineRecord, 'students' | 'line'>): string[] {
  const { epochs, pseudonyms } = line;
  const owners = new Map<number, Set<string>>();
  const note = (number: number, student: string): void => {
    const known = owners.get(number);
    if (known) known.add(student);
    else owners.set(number, new Set([student]));
  };
  for (const { checkpoint, events } of epochs) {
    for (const { number, student } of checkpoint) note(number, student);
    for (const event of events) if (event.type === 'joined') note(event.number, event.studentId);
  }
  const stayed = epochs.length > 1 ? students.filter(({ leftOnPurpose }) => !leftOnPurpose) : students;
  return stayed.flatMap(({ studentId, numbers }) => {
    const pseudonym = pseudonyms.get(studentId) ?? '';
    const missing = numbers.filter((number) => !owners.get(number)?.has(pseudonym));
    return missing.map((number) => `${studentId} was told ${number}, which the trail does not have`);
  });
}

/** Every admission that a student was told is a row of the database. */
export function unknownAdmissions({ students, line: { admissions } }: LineRecord): string[] {
  const owners = new Map(admissions.map(({ number, studentId }) => [number, studentId]));
  return students.flatMap(({ studentId, admissions: told }) =>
    told
      .filter(({ number }) => owners.get(number) !== studentId)
      .map(({ number }) => `${studentId} was let in as ${number}, of which the database knows nothing`),
  );
}

/** Nobody of ours comes back after finishing, so one admission each. */
export function admittedTwice({ students, line: { admissions } }: LineRecord): string[] {
  const numbers = groupBy(
    admissions,
    ({ studentId }) => studentId,
    ({ number }) => number,
  );
  const rows = [...numbers].filter(([, all]) => all.length > 1);
  const told = students.filter(({ admissions: all }) => new Set(all.map(({ expiresAt }) => expiresAt)).size > 1);
  return [
    ...rows.map(([studentId, all]) => `${studentId} was let in as ${all.join(' and ')}`),
    ...told.map(({ studentId }) => `${studentId} was told of several admissions`),
  ];
}

/**
 * The rate over all lives of the line together: a line that is rebuilt must not let in again what it had let in. Judged
 * as a leaky bucket that holds what one tick may make up for.
 */
export function overRate({ line: { admissions, policy } }: LineRecord): string[] {
  const perMs = policy.ratePerSecond / 1_000;
  const allowed = 1 + perMs * TICK_SLACK_MS + 1e-6;
  let level = 0;
  let before = 0;
  return byAdmission(admissions).flatMap(({ number, admittedAt }) => {
    level = Math.max(0, level - (admittedAt - before) * perMs) + 1;
    before = admittedAt;
    return level > allowed ? [`${number} was one of ${level.toFixed(1)} at once, ${allowed.toFixed(1)} allowed`] : [];
  });
}

/** The capacity over all lives of the line together. */
export function overCapacity({ line: { admissions, policy } }: LineRecord): string[] {
  const ordered = byAdmission(admissions);
  return ordered.flatMap(({ number, admittedAt }, index) => {
    const inside = ordered.slice(0, index).filter((earlier) => leftAt(earlier) > admittedAt).length;
    return inside < policy.capacity ? [] : [`${number} was let in to ${inside} inside, ${policy.capacity} allowed`];
  });
}

/** A student who was told that the time inside has ended holds nobody up any more: the line has the place back. */
export function stuckInside({ students, line: { epochs, admissions } }: LineRecord): string[] {
  const last = epochs.at(-1);
  const inside = new Set<number>();
  for (const { number, state } of last?.checkpoint ?? []) if (state === 'admitted') inside.add(number);
  for (const event of last?.events ?? []) {
    if (event.type === 'admitted') inside.add(event.number);
    if (event.type === 'ended') inside.delete(event.number);
  }
  const finished = new Set(
    students.filter(({ ending }) => ending?.kind === 'finished').map(({ studentId }) => studentId),
  );
  return admissions
    .filter(({ number, studentId, endedAt }) => endedAt !== null && inside.has(number) && finished.has(studentId))
    .map(({ number, studentId }) => `${studentId} finished, and ${number} still counts as inside`);
}

const byAdmission = (admissions: readonly AdmissionFact[]): AdmissionFact[] =>
  [...admissions].sort((one, other) => one.admittedAt - other.admittedAt || one.number - other.number);

const leftAt = ({ endedAt, expiresAt }: AdmissionFact): number => Math.min(endedAt ?? Infinity, expiresAt);
