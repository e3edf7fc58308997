import type { SeenAnswer, SeenNews } from '../student/record';
import type { RunRecord } from './record';
import { type Claim, claimName, claimsOf, isPromoted, saidEnd } from './claims';
import { enrolledBySection } from './seat-promises';

/** One text for each section in which a seat is not taken though somebody waits for it. */
export function seatsKeptFromWaiting(record: RunRecord): string[] {
  const enrolled = enrolledBySection(record);
  return record.sections.flatMap(({ id, seatsAtStart }) => {
    const [waiting, taken] = [record.truth.waits.get(id)?.length ?? 0, enrolled.get(id) ?? 0];
    if (waiting === 0 || taken >= seatsAtStart) return [];
    return [`${id}: ${waiting} wait, and ${seatsAtStart - taken} of ${seatsAtStart} seats are not taken`];
  });
}

/** One text for each section with seats that nobody has and nobody can take. */
export function seatsHeldForNobody(record: RunRecord): string[] {
  const enrolled = enrolledBySection(record);
  return record.sections.flatMap(({ id, seatsAtStart }) => {
    const [left, taken] = [record.truth.left.get(id) ?? 0, enrolled.get(id) ?? 0];
    if (left + taken >= seatsAtStart) return [];
    return [`${id}: of ${seatsAtStart} seats ${taken} are taken and ${left} left`];
  });
}

/** One text for each swap that was done by half, or lost the old seat, in the answers or in the database. */
export function brokenSwaps(record: RunRecord): string[] {
  const claims = new Map(claimsOf(record).map((claim) => [claimName(claim), claim]));
  return record.students.flatMap((student) =>
    student.answers.flatMap((given) => {
      if (given.question !== 'swap' || given.other === undefined || student.wishes.includes(given.other)) return [];
      const { other: take } = given;
      const taken = student.answers.find((answer) => answer.sectionId === take && answer.question === 'swap');
      const hasOld = claims.get(`${student.studentId}, ${given.sectionId}`)?.isEnrolled ?? false;
      const hasNew = claims.get(`${student.studentId}, ${take}`)?.isEnrolled ?? false;
      if (isWhole(given, taken, hasOld, hasNew)) return [];
      const answers = `${given.outcome} and ${taken?.outcome ?? 'no answer'}`;
      const end = `${hasOld ? 'has' : 'has not'} the old seat and ${hasNew ? 'has' : 'has not'} the new one`;
      return [`${student.studentId}, ${given.sectionId} for ${take}: answered ${answers}, ${end}`];
    }),
  );
}

function isWhole(given: SeenAnswer, taken: SeenAnswer | undefined, hasOld: boolean, hasNew: boolean): boolean {
  if (given.outcome === 'dropped') return taken?.outcome === 'enrolled' && hasNew && !hasOld;
  return taken?.outcome === 'refused' && hasOld && !hasNew;
}

/** One text for each seat of somebody who never asked for it, did not wait for it, or had given it up. */
export function uninvited(record: RunRecord): string[] {
  return claimsOf(record).flatMap((claim) => {
    const { student, sectionId, isEnrolled, isWished, joined, promoted, left, dropped } = claim;
    const isAsked = isWished || student.mayTake.includes(sectionId);
    if (isEnrolled && !isAsked) return [`${claimName(claim)}: enrolled, and never asked`];
    if (promoted && !joined) return [`${claimName(claim)}: promoted, and never waited`];
    if (isEnrolled && left) return [`${claimName(claim)}: enrolled after leaving the waitlist`];
    if (isEnrolled && dropped) return [`${claimName(claim)}: enrolled after giving the seat back`];
    return [];
  });
}

/** One text for each turn on a waitlist that was lost, is there twice, or is held by somebody who left or never joined. */
export function wrongWaits(record: RunRecord): string[] {
  const lost = claimsOf(record).flatMap((claim) => {
    const { joined, isEnrolled, isWaiting } = claim;
    if (saidEnd(claim) === 'waiting' && !isEnrolled && !isWaiting) return [`${claimName(claim)}: the turn is lost`];
    if (!isWaiting || (saidEnd(claim) === 'waiting' && !isEnrolled)) return [];
    return [`${claimName(claim)}: still on the waitlist${joined ? '' : ', and never joined it'}`];
  });
  const doubled = [...record.truth.waits].flatMap(([sectionId, waiting]) => {
    const places = new Set(waiting.map(({ place }) => place)).size;
    const students = new Set(waiting.map(({ studentId }) => studentId)).size;
    const problem = `${sectionId}: ${waiting.length} turns of ${students} students at ${places} places`;
    return places === waiting.length && students === waiting.length ? [] : [problem];
  });
  return [...lost, ...doubled];
}

/**
 * One text for each promotion that a tab was not told of, and for each thing told that is not so. A tab may have missed
 * it that was not connected all the time since the student asked to join the waitlist.
 */
export function wrongNews(record: RunRecord): string[] {
  return claimsOf(record).flatMap((claim) => {
    const untold = untoldTabs(claim);
    const untrue = claim.news.filter((news) => !isTrue(news, claim)).map(({ state, by }) => `${state} by ${by}`);
    return [
      ...(untold > 0 ? [`${claimName(claim)}: ${untold} of the tabs were not told of the promotion`] : []),
      ...[...new Set(untrue)].map((text) => `${claimName(claim)}: told "${text}", which is not so`),
    ];
  });
}

function untoldTabs(claim: Claim): number {
  const { joined, student, news } = claim;
  if (!joined || !isPromoted(claim)) return 0;
  const listening = student.connections.filter(({ from, to }) => from <= joined.askedAt && to === Infinity);
  const told = news.filter(({ state, by }) => state === 'enrolled' && by === 'promotion').map(({ tab }) => tab);
  return listening.filter(({ tab }) => !told.includes(tab)).length;
}

function isTrue({ state, by }: SeenNews, claim: Claim): boolean {
  const { granted, joined, left, dropped, isEnrolled } = claim;
  switch (state) {
    case 'enrolled':
      return by === 'promotion'
        ? joined !== undefined && (isEnrolled || dropped !== undefined)
        : granted?.question === by;
    case 'dropped':
      return dropped?.question === by;
    case 'waitlisted':
      return joined !== undefined;
    case 'offered':
      return false;
    case 'none':
      return left !== undefined;
  }
}
