import type { StudentRecord } from '../student/record';
import type { RunRecord, WantedSection } from './record';
import { type Claim, claimName, claimsBySection, claimsOf, everHad, saidEnd } from './claims';

/**
 * How many students must have a seat in each section in the end. Where none was given back: as many as asked, or as there
 * are seats. Elsewhere as many as still want one: those who were granted one and those who wait, less those who gave up.
 * Who was refused and did not wait is out, whatever came free later.
 */
export function expectedEnrolments(record: RunRecord): Map<string, number> {
  const claims = claimsBySection(record);
  return new Map(
    record.sections.map((section) => {
      const own = claims.get(section.id) ?? [];
      const wanted = own.some(({ dropped }) => dropped) ? own.filter(wantsSeat).length : askers(own);
      return [section.id, Math.min(wanted, section.seatsAtStart)];
    }),
  );
}

const wantsSeat = (claim: Claim): boolean => saidEnd(claim) !== 'out';

/** All on whose list it is, and those who wanted it in a swap. */
const askers = (claims: readonly Claim[]): number =>
  claims.filter(({ isWished, answers, student }) => (isWished && !student.leftOnPurpose) || answers.length > 0).length;

/** One text for each section in which not exactly so many are enrolled. */
export function wrongOutcomes(record: RunRecord): string[] {
  const enrolled = enrolledBySection(record);
  const expected = expectedEnrolments(record);
  return record.sections.flatMap(({ id, seatsAtStart }) => {
    const [found, wanted] = [enrolled.get(id) ?? 0, expected.get(id) ?? 0];
    return found === wanted ? [] : [`${id}: ${found} enrolled instead of ${wanted}, with ${seatsAtStart} seats`];
  });
}

/** One text for each section with more students than seats, by the database, or at any time by what they were told. */
export function overfullSections(record: RunRecord): string[] {
  const claims = claimsBySection(record);
  const enrolled = enrolledBySection(record);
  return record.sections.flatMap(({ id, capacity, seatsAtStart }) => {
    const taken = record.truth.taken.get(id) ?? 0;
    const granted = Math.max(mostAtOnce(claims.get(id) ?? []), enrolled.get(id) ?? 0);
    const left = record.truth.left.get(id) ?? 0;
    if (taken <= capacity && granted <= seatsAtStart && left >= 0) return [];
    return [`${id}: ${taken} seats taken of ${capacity}, ${granted} granted of ${seatsAtStart}, ${left} left`];
  });
}

/** How many had a seat for certain at the same time: from when it was told until it was offered back. */
function mostAtOnce(claims: readonly Claim[]): number {
  const moments = claims.flatMap(({ granted, promoted, dropped }) => {
    const from = granted?.answeredAt ?? promoted?.at;
    if (from === undefined) return [];
    const to = dropped?.askedAt ?? Infinity;
    return to <= from
      ? []
      : [
          { at: from, change: 1 },
          { at: to, change: -1 },
        ];
  });
  let now = 0;
  let most = 0;
  for (const { change } of moments.sort((a, b) => a.at - b.at || a.change - b.change)) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

/** One text for each section whose count is not that of its enrolments: it would grant too many seats, or too few, next. */
export function wrongCounts({ sections, truth }: RunRecord): string[] {
  return sections.flatMap(({ id }) => {
    const [taken, counted] = [truth.taken.get(id) ?? 0, truth.counted.get(id) ?? 0];
    return taken === counted ? [] : [`${id}: ${counted} counted, ${taken} enrolled`];
  });
}

/** One text for each wish whose answer is missing, contradicts itself, or is not what the database says. */
export function wrongAnswers(record: RunRecord): string[] {
  return claimsOf(record).flatMap((claim) => {
    const problem = answerProblem(claim);
    return problem ? [`${claimName(claim)}: ${problem}`] : [];
  });
}

function answerProblem(claim: Claim): string | undefined {
  const { student, answers, isEnrolled, isWished, news } = claim;
  if (changedItsMind(claim)) return 'answered both enrolled and refused';
  const end = saidEnd(claim);
  if (end === 'enrolled' && !isEnrolled) return 'answered enrolled, and is not';
  if (end === 'out' && isEnrolled) {
    const last = answers.at(-1)?.outcome;
    return last === undefined ? 'enrolled without an answer' : `answered ${last}, and is enrolled`;
  }
  return isWished && !student.leftOnPurpose && answers.length + news.length === 0 ? 'never answered' : undefined;
}

/** The same was asked twice and answered differently, though nothing was asked in between. */
function changedItsMind({ answers }: Claim): boolean {
  return answers.some((answer, index) => {
    const before = answers[index - 1];
    return before?.question === 'commit' && answer.question === 'commit' && before.outcome !== answer.outcome;
  });
}

/** One text for each refusal that had no right to be: whatever is asked for is legal, so only seats may be missing. */
export function wrongRefusals(record: RunRecord): string[] {
  const sections = new Map(record.sections.map((section) => [section.id, section]));
  const claims = claimsBySection(record);
  return claimsOf(record).flatMap((claim) => {
    const others = claims.get(claim.sectionId) ?? [];
    return claim.answers.flatMap(({ question, outcome, code }) => {
      if (outcome !== 'refused' || mayRefuse(claim, sections.get(claim.sectionId), others, code)) return [];
      return [`${claim.student.studentId} was refused ${claim.sectionId} (${question}): ${code ?? 'no reason'}`];
    });
  });
}

function mayRefuse(
  { dropped }: Claim,
  section: WantedSection | undefined,
  claims: readonly Claim[],
  code: string | undefined,
): boolean {
  switch (code) {
    case 'section_closed':
      return section?.capacity === 0;
    case 'section_full':
      // All seats were taken then: by those who have them still, or had them.
      return section !== undefined && claims.filter(everHad).length >= section.seatsAtStart;
    case 'waitlist_not_needed':
      // It was full, so somebody must have given a seat back.
      return claims.some((other) => other.dropped);
    case 'not_waitlisted':
      // The seat had come meanwhile, and could be given back.
      return dropped !== undefined;
    default:
      return false;
  }
}

/** One text for each enrolment that is there twice, or was told twice without being given back in between. */
export function doubledEnrolments(record: RunRecord): string[] {
  const rows = record.truth.doubled.map(({ studentId, sectionId }) => `${studentId} in ${sectionId} twice`);
  const told = claimsOf(record).filter(({ answers }) => {
    const ends = answers.filter(({ outcome }) => outcome === 'enrolled' || outcome === 'dropped');
    return ends.some(({ outcome }, index) => outcome === 'enrolled' && ends[index + 1]?.outcome === 'enrolled');
  });
  return [...rows, ...told.map((claim) => `${claimName(claim)}: told twice of an enrolment`)];
}

/** How many answers of each reason refused something. */
export function refusalsByReason(students: readonly StudentRecord[]): Record<string, number> {
  const refused = students.flatMap(({ answers }) => answers.filter(({ outcome }) => outcome === 'refused'));
  return Object.fromEntries([...countBy(refused.map(({ code }) => code ?? 'no reason'))].sort());
}

/** Of students of ours. */
export function enrolledBySection({ truth }: RunRecord): Map<string, number> {
  return countBy([...truth.enrolments.values()].flatMap((ids) => [...ids]));
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
