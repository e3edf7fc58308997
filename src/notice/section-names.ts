export interface SectionName {
  /** As students know it: department, number and section. */
  code: string;
  title: string;
}

/** Port: what sections are called. Bound by the composition root. */
export abstract class SectionNames {
  /** By section id; a section that is not known (any more) is not in it. */
  abstract names(termId: string, ids: readonly string[]): Promise<Map<string, SectionName>>;
}
