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
