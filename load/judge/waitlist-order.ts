import type { SeenAnswer } from '../student/record';
import type { RunRecord, ServedStudent, WaitingStudent } from './record';
import { type Claim, claimsBySection, isPromoted } from './claims';

/**
 * Moments in the database are those at which transactions began, not those at which they had the section's lock: of two
 * pods the later may have begun earlier, by as long as a lock is waited for, ms.
 */
const LOCK_WAIT_MS = 5_000;

/** A claim of somebody who joined the waitlist. */
type Waiter = Claim & { joined: SeenAnswer };

/**
 * Waitlists are served in the order of joining; one text for each who was passed over. Everybody who waits can have the
 * seat at any time (the plan sees to that), so nobody may be passed over for any reason.
 *
 * Who joined first is known where one was answered before the other asked; the database has a number for each besides.
 */
export function waitlistOvertakes(record: RunRecord): string[] {
  const claims = claimsBySection(record);
  return record.sections.flatMap(({ id }) => {
    const own = claims.get(id) ?? [];
    const waiting = record.truth.waits.get(id) ?? [];
    const served = record.truth.served?.get(id) ?? [];
    const problems = [
      ...servedBeforeWaiting(waiting, served),
      ...servedInWrongOrder(served),
      ...passedOver(own),
      ...wrongPlaces(own, waiting),
      ...wrongPositions(own),
    ];
    return problems.map((problem) => `${id}: ${problem}`);
  });
}

function servedBeforeWaiting(waiting: readonly WaitingStudent[], served: readonly ServedStudent[]): string[] {
  return waiting.flatMap((ahead) => {
    const by = served.find(({ place }) => place > ahead.place);
    return by ? [`${by.studentId} (${by.place}) was served, and ${ahead.studentId} (${ahead.place}) waits`] : [];
  });
}

function servedInWrongOrder(served: readonly ServedStudent[]): string[] {
  const byPlace = [...served].sort((a, b) => a.place - b.place);
  return byPlace.flatMap((one, index) => {
    const by = byPlace.slice(index + 1).find(({ at }) => at < one.at - LOCK_WAIT_MS);
    return by ? [`${by.studentId} (${by.place}) was served before ${one.studentId} (${one.place})`] : [];
  });
}

/** Somebody got a seat who had asked, or joined the waitlist, after another had joined it who was waiting still. */
function passedOver(claims: readonly Claim[]): string[] {
  return claims.filter(isWaiter).flatMap((waiter) => {
    const until = waitedUntil(waiter);
    const by = claims.find((other) => other !== waiter && gotSeat(other, waiter.joined.answeredAt, until));
    return by ? [`${by.student.studentId} got a seat before ${waiter.student.studentId}, who had waited longer`] : [];
  });
}

const isWaiter = (claim: Claim): claim is Waiter => claim.joined !== undefined;

/** Until when the student waited for certain. */
function waitedUntil({ isWaiting, left, joined }: Waiter): number {
  if (isWaiting) return Infinity;
  return left?.askedAt ?? joined.answeredAt;
}

/** Whether a seat was certainly given by `until` to somebody who asked for it only after `after`. */
function gotSeat(claim: Claim, after: number, until: number): boolean {
  const { granted, joined, promoted } = claim;
  if (granted && granted.askedAt > after && granted.answeredAt <= until) return true;
  if (!joined || joined.askedAt <= after || !isPromoted(claim)) return false;
  return until === Infinity || (promoted !== undefined && promoted.at <= until);
}

/** Of two who still wait, the one who joined later is ahead. */
function wrongPlaces(claims: readonly Claim[], waiting: readonly WaitingStudent[]): string[] {
  const places = new Map(waiting.map(({ studentId, place }) => [studentId, place]));
  const waiters = claims.filter(isWaiter).filter(({ isWaiting }) => isWaiting);
  const placeOf = ({ student }: Claim): number => places.get(student.studentId) ?? Infinity;
  return waiters.flatMap((waiter) => {
    const ahead = waiters.find(
      (other) => other.joined.askedAt > waiter.joined.answeredAt && placeOf(other) < placeOf(waiter),
    );
    return ahead ? [`${ahead.student.studentId} joined after ${waiter.student.studentId}, and is ahead`] : [];
  });
}

/** The position that was told leaves somebody out who was certainly ahead. */
function wrongPositions(claims: readonly Claim[]): string[] {
  const waiters = claims.filter(isWaiter);
  return waiters.flatMap(({ student, joined }) => {
    const ahead = waiters.filter(
      (other) => other.joined.answeredAt < joined.askedAt && waitedUntil(other) > joined.answeredAt,
    ).length;
    if (joined.position !== undefined && joined.position > ahead) return [];
    return [`${student.studentId} was told position ${joined.position ?? '-'} behind ${ahead} others`];
  });
}
