import type { StudentRecord } from '../student/record';

/**
 * How long before and after a later student's admission somebody must have been there to count as present, ms. Covers
 * that moments of the service are known on our clock only to within a round trip and the delay of the fastest message.
 */
const PRESENCE_MARGIN_MS = 500;

interface Place {
  record: StudentRecord;
  number: number;
  /** Infinity when the student never went in. */
  admittedAt: number;
}

/**
 * Overtakes among the present, one text for each student who was overtaken.
 *
 * A was overtaken by B when A has the lower number, went in later than B, and had a socket all the time from half a
 * second before B's admission to half a second after it. Who went in first is compared by the ends of their leases (the
 * line's own clock at the admission, plus a lease that is the same for all), so the delay of messages plays no part:
 * admissions of the same instant are equal, and one of the next instant is later. Messages only serve to find the
 * moment of B's admission on the students' clock: the longest remaining lease that anybody was told is the lease itself,
 * less the delay of the fastest message. Presence is judged by what the student knows: from the moment the place was
 * told to a socket (the service counted it before that) until the student closed it (the service notices after that) or,
 * for a lost one, until something was last heard on it.
 */
export function overtakes(students: readonly StudentRecord[]): string[] {
  const places = placesOf(students);
  const lease = leaseOf(students);
  const problems: string[] = [];
  let firstBehind: Place | undefined;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    const place = places[index] as Place;
    if (firstBehind && firstBehind.admittedAt < place.admittedAt) {
      const by = places.slice(index + 1).find((behind) => isOvertaken(place, behind, lease));
      if (by) problems.push(`${name(by)} went in before ${name(place)}, who was there`);
    }
    if (!firstBehind || place.admittedAt < firstBehind.admittedAt) firstBehind = place;
  }
  return problems;
}

/** All who have a number, lowest first. `admittedAt` is the end of the lease until the lease is known. */
function placesOf(students: readonly StudentRecord[]): Place[] {
  return students
    .flatMap((record): Place[] => {
      const [number] = record.numbers;
      if (number === undefined) return [];
      const admittedAt = Math.min(Infinity, ...record.admissions.map(({ expiresAt }) => expiresAt));
      return [{ record, number, admittedAt }];
    })
    .sort((a, b) => a.number - b.number);
}

function leaseOf(students: readonly StudentRecord[]): number {
  let lease = 0;
  for (const { admissions } of students) {
    for (const { expiresAt, serverTime } of admissions) lease = Math.max(lease, expiresAt - serverTime);
  }
  return lease;
}

function isOvertaken(ahead: Place, behind: Place, lease: number): boolean {
  if (behind.admittedAt >= ahead.admittedAt || behind.number === ahead.number) return false;
  const at = behind.admittedAt - lease;
  return isPresent(ahead.record, at - PRESENCE_MARGIN_MS, at + PRESENCE_MARGIN_MS);
}

/** Whether at least one socket was there at every moment. */
function isPresent({ presence }: StudentRecord, from: number, to: number): boolean {
  let covered = from;
  for (const interval of [...presence].sort((a, b) => a.from - b.from)) {
    if (interval.from <= covered) covered = Math.max(covered, interval.to);
  }
  return covered >= to && covered > from;
}

const name = ({ record, number }: Place): string => `${record.studentId} (${number})`;
