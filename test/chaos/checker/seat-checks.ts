import type { RoundRecord } from './record';
import type { StudentRecord } from '../../../load/student/record';

/** What each student's answers add up to: the sections that are theirs. Questions of one student never overlap. */
function owned({ answers }: StudentRecord): Set<string> {
  const sections = new Set<string>();
  for (const { sectionId, outcome } of answers) {
    if (outcome === 'enrolled') sections.add(sectionId);
    if (outcome === 'dropped') sections.delete(sectionId);
  }
  return sections;
}

function enrolledOf({ enrolments }: RoundRecord): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { studentId, sectionId } of enrolments) {
    const sections = found.get(studentId);
    if (sections) sections.push(sectionId);
    else found.set(studentId, [sectionId]);
  }
  return found;
}

/** Whoever was told "enrolled" has the seat. */
export function lostEnrolments(record: RoundRecord): string[] {
  const enrolled = enrolledOf(record);
  return record.students.flatMap((student) => {
    const found = new Set(enrolled.get(student.studentId));
    const lost = [...owned(student)].filter((id) => !found.has(id));
    return lost.map((id) => `${student.studentId} was told of a seat in ${id}, and has none`);
  });
}

/** Nobody has a seat who was refused it, has given it back, or never asked. A student who was lost may have unknown ones. */
export function ghostEnrolments(record: RoundRecord): string[] {
  const enrolled = enrolledOf(record);
  const byId = new Map(record.students.map((student) => [student.studentId, student]));
  return [...enrolled].flatMap(([studentId, sections]) => {
    const student = byId.get(studentId);
    if (student?.ending?.kind !== 'finished') return [];
    const known = owned(student);
    return sections.filter((id) => !known.has(id)).map((id) => `${studentId} has a seat in ${id}, unknowingly`);
  });
}

export function doubledEnrolments({ enrolments, students }: RoundRecord): string[] {
  const seen = new Set<string>();
  const rows = enrolments.flatMap(({ studentId, sectionId }) => {
    const key = `${studentId} in ${sectionId}`;
    if (seen.has(key)) return [`${key} twice`];
    seen.add(key);
    return [];
  });
  const told = students.flatMap(({ studentId, answers }) => {
    const granted = answers.filter(({ outcome }) => outcome === 'enrolled').map(({ sectionId }) => sectionId);
    const twice = granted.filter((id, index) => granted.indexOf(id) < index);
    return twice.map((id) => `${studentId} was enrolled in ${id} twice`);
  });
  return [...rows, ...told];
}

export function oversold(record: RoundRecord): string[] {
  const rows = countBySection(record);
  return record.sections.flatMap(({ id, capacity, overrides, taken, held }) => {
    const most = capacity + overrides;
    const sold = Math.max(rows.get(id) ?? 0, taken + held);
    return sold <= most ? [] : [`${id}: ${sold} seats sold of ${most}`];
  });
}

export function wrongCounts(record: RoundRecord): string[] {
  const rows = countBySection(record);
  return record.sections.flatMap(({ id, taken }) => {
    const found = rows.get(id) ?? 0;
    return taken === found ? [] : [`${id}: ${taken} counted, ${found} enrolled`];
  });
}

/** Whoever got to the end has heard of every wish, one way or the other. */
export function unanswered({ students }: RoundRecord): string[] {
  return students.flatMap(({ studentId, wishes, answers, ending, admissions }) => {
    if (ending?.kind !== 'finished' || admissions.length === 0) return [];
    const answered = new Set(answers.filter(({ question }) => question === 'commit').map(({ sectionId }) => sectionId));
    return wishes.filter((id) => !answered.has(id)).map((id) => `${studentId} never heard of ${id}`);
  });
}

/** The wishes exclude each other by nothing but answers, so only a full section may refuse, and only when it was full. */
export function wrongRefusals(record: RoundRecord): string[] {
  const rows = countBySection(record);
  const sections = new Map(record.sections.map((section) => [section.id, section]));
  const dropped = new Set(
    record.students.flatMap(({ answers }) =>
      answers.flatMap(({ question, sectionId }) => (question === 'drop' ? [sectionId] : [])),
    ),
  );
  return record.students.flatMap(({ studentId, answers }) =>
    answers.flatMap(({ sectionId, question, outcome, code }) => {
      if (outcome !== 'refused') return [];
      const what = `${studentId}, ${question} of ${sectionId}: ${code ?? 'no reason'}`;
      if (question === 'drop' || code !== 'section_full') return [what];
      const section = sections.get(sectionId);
      const full = section !== undefined && (rows.get(sectionId) ?? 0) >= section.capacity + section.overrides;
      return full || dropped.has(sectionId) ? [] : [`${what}, with seats left`];
    }),
  );
}

function countBySection({ enrolments }: RoundRecord): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { sectionId } of enrolments) counts.set(sectionId, (counts.get(sectionId) ?? 0) + 1);
  return counts;
}
