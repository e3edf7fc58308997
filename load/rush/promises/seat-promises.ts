import type { RushRecord, SeenAnswer, StudentRecord, WantedSection } from '../observation';

/** The right outcome: every list is legal and asked for in full, so only the seats can run out. */
export const expectedEnrolments = ({ demand, seatsAtStart }: WantedSection): number => Math.min(demand, seatsAtStart);

/** One text for each section in which not exactly min(demand, seats) of the students are enrolled. */
export function wrongOutcomes({ sections, truth }: RushRecord): string[] {
  const enrolled = countBy([...truth.enrolments.values()].flatMap((ids) => [...ids]));
  return sections.flatMap((section) => {
    const expected = expectedEnrolments(section);
    const found = enrolled.get(section.id) ?? 0;
    const { id, demand, seatsAtStart } = section;
    return found === expected ? [] : [`${id}: ${found} enrolled, ${demand} asked for ${seatsAtStart} seats`];
  });
}

/** One text for each section with more students than seats, by the database or by what students were answered. */
export function overfullSections({ sections, students, truth }: RushRecord): string[] {
  const told = countBy(students.flatMap((student) => [...sectionsAnswered(student, 'enrolled')]));
  const enrolled = countBy([...truth.enrolments.values()].flatMap((ids) => [...ids]));
  return sections.flatMap(({ id, capacity, seatsAtStart }) => {
    const taken = truth.taken.get(id) ?? 0;
    const granted = Math.max(told.get(id) ?? 0, enrolled.get(id) ?? 0);
    if (taken <= capacity && granted <= seatsAtStart) return [];
    return [`${id}: ${taken} seats taken of ${capacity}, ${granted} granted of ${seatsAtStart}`];
  });
}

/** One text for each section whose count is not that of its enrolments: it would grant too many seats, or too few, next. */
export function wrongCounts({ sections, truth }: RushRecord): string[] {
  return sections.flatMap(({ id }) => {
    const [taken, counted] = [truth.taken.get(id) ?? 0, truth.counted.get(id) ?? 0];
    return taken === counted ? [] : [`${id}: ${counted} counted, ${taken} enrolled`];
  });
}

/** One text for each wish whose answer is missing, contradicts itself, or is not what the database says. */
export function wrongAnswers({ students, truth }: RushRecord): string[] {
  return students.flatMap((student) => {
    const enrolled = truth.enrolments.get(student.studentId) ?? new Set<string>();
    const granted = sectionsAnswered(student, 'enrolled');
    const refused = sectionsAnswered(student, 'refused');
    const concerned = new Set([...student.wishes, ...enrolled, ...granted]);
    return [...concerned].flatMap((id) => {
      const problem = answerProblem(granted.has(id), refused.has(id), enrolled.has(id));
      return problem ? [`${student.studentId}, ${id}: ${problem}`] : [];
    });
  });
}

function answerProblem(granted: boolean, refused: boolean, enrolled: boolean): string | undefined {
  if (granted && refused) return 'answered both enrolled and refused';
  if (granted && !enrolled) return 'answered enrolled, and is not';
  if (!granted && enrolled) return refused ? 'answered refused, and is enrolled' : 'enrolled without an answer';
  return granted || refused ? undefined : 'never answered';
}

/** One text for each refusal that had no right to be: the lists are legal, so only missing seats may be the reason. */
export function wrongRefusals({ sections, students }: RushRecord): string[] {
  const byId = new Map(sections.map((section) => [section.id, section]));
  return students.flatMap(({ studentId, answers }) =>
    answers.flatMap(({ sectionId, outcome, code }) => {
      if (outcome !== 'refused' || mayRefuse(byId.get(sectionId), code)) return [];
      return [`${studentId} was refused ${sectionId}: ${code ?? 'no reason'}`];
    }),
  );
}

function mayRefuse(section: WantedSection | undefined, code: string | undefined): boolean {
  if (code === 'section_closed') return section?.capacity === 0;
  if (code === 'section_full') return section !== undefined && section.demand > section.seatsAtStart;
  return false;
}

/** How many answers of each reason refused a wish. */
export function refusalsByReason(students: readonly StudentRecord[]): Record<string, number> {
  const refused = students.flatMap(({ answers }) => answers.filter(({ outcome }) => outcome === 'refused'));
  return Object.fromEntries([...countBy(refused.map(({ code }) => code ?? 'no reason'))].sort());
}

function sectionsAnswered({ answers }: StudentRecord, outcome: SeenAnswer['outcome']): Set<string> {
  return new Set(answers.filter((answer) => answer.outcome === outcome).map(({ sectionId }) => sectionId));
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
