import { nameOf, type Refusal, type SectionFacts } from './facts';

/** Nobody has two seats in one section. */
export function refuseDuplicate(wanted: SectionFacts, enrolled: readonly SectionFacts[]): Refusal | undefined {
  if (!enrolled.some(({ id }) => id === wanted.id)) return undefined;
  return {
    code: 'already_enrolled',
    message: `You are enrolled in ${nameOf(wanted)} already.`,
    details: { sectionId: wanted.id },
  };
}

/** One section of a course and type: a lecture and its lab go together, two lectures do not. */
export function refuseSameCourse(wanted: SectionFacts, enrolled: readonly SectionFacts[]): Refusal | undefined {
  const other = enrolled.find(({ courseId, type }) => courseId === wanted.courseId && type === wanted.type);
  if (!other) return undefined;
  return {
    code: 'same_course',
    message: `You are enrolled in ${nameOf(other)} already, which is the same course.`,
    details: { sectionId: other.id, code: other.code, section: other.section, type: other.type },
  };
}
