import { groupBy } from '../../common/collections';
import { pairKey } from '../../common/text';

/** What names a section: universities give the same ids again in every term. */
export interface SectionRef {
  termId: string;
  sectionId: string;
}

/** One key for a section, which no other section of any term has. */
export const sectionKey = ({ termId, sectionId }: SectionRef): string => pairKey(termId, sectionId);

/** The sections, each once. */
export function distinctSections<T extends SectionRef>(sections: readonly T[]): T[] {
  return [...new Map(sections.map((section) => [sectionKey(section), section])).values()];
}

/** As a condition on pairs of columns takes them. */
export const sectionPairs = (sections: readonly SectionRef[]): [termId: string, sectionId: string][] =>
  sections.map(({ termId, sectionId }) => [termId, sectionId]);

/** The ids of the sections, per term. */
export const idsByTerm = (sections: readonly SectionRef[]): Map<string, string[]> =>
  groupBy(
    sections,
    ({ termId }) => termId,
    ({ sectionId }) => sectionId,
  );

/** What a section's own columns name. */
export const refOf = ({ termId, id }: { termId: string; id: string }): SectionRef => ({ termId, sectionId: id });
