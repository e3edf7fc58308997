import type { EntityManager } from 'typeorm';
import type { CatalogueProblem, CatalogueSection } from './catalogue-rows';
import { rulesDiffer, textsDiffer } from './catalogue-section';
import { MeetingEntity } from './entities/meeting.entity';
import { SectionEntity } from './entities/section.entity';

/** What an import would do. */
export interface ImportPlan {
  added: CatalogueSection[];
  /** `newRevision`: the rules will look at something else than before. */
  changed: { before: SectionEntity; after: CatalogueSection; newRevision: boolean }[];
  problems: CatalogueProblem[];
  counts: { added: number; changed: number };
}

/** Compares the file with what the term has; with `lock`, nobody changes a seat until the transaction ends. */
export async function planImport(
  manager: EntityManager,
  termId: string,
  sections: CatalogueSection[],
  lock = false,
): Promise<ImportPlan> {
  const query = manager.createQueryBuilder(SectionEntity, 'section').where({ termId }).orderBy('section.id');
  const existing = await (lock ? query.setLock('pessimistic_write') : query).getMany();
  const existingById = new Map(existing.map((section) => [section.id, section]));
  const meetings = await meetingsOf(manager, termId);
  const foreign = await idsOfOtherTerms(manager, termId, sections);
  const plan: ImportPlan = { added: [], changed: [], problems: [], counts: { added: 0, changed: 0 } };
  for (const section of sections) {
    const before = existingById.get(section.id);
    existingById.delete(section.id);
    if (foreign.has(section.id)) {
      plan.problems.push({ line: section.line, rule: 'the section belongs to another term', text: section.id });
    } else if (!before) {
      plan.added.push(section);
    } else {
      const newRevision = rulesDiffer(termId, before, meetings.get(section.id) ?? [], section);
      const after = { ...section, capacity: legalCapacity(before, section, plan.problems) };
      if (newRevision || textsDiffer(before, after)) plan.changed.push({ before, after, newRevision });
    }
  }
  for (const id of existingById.keys()) {
    plan.problems.push({ line: 0, rule: 'the section is no longer in the file, and was kept', text: id });
  }
  plan.counts = { added: plan.added.length, changed: plan.changed.length };
  return plan;
}

function legalCapacity(before: SectionEntity, section: CatalogueSection, problems: CatalogueProblem[]): number {
  const lowest = before.taken + before.held - before.overrides;
  if (section.capacity >= lowest) return section.capacity;
  problems.push({
    line: section.line,
    rule: 'the capacity is below what is taken',
    text: `${section.id}: ${section.capacity} in the file, ${lowest} taken`,
  });
  return lowest;
}

async function meetingsOf(manager: EntityManager, termId: string): Promise<Map<string, MeetingEntity[]>> {
  const rows = await manager
    .createQueryBuilder(MeetingEntity, 'meeting')
    .innerJoin(SectionEntity, 'section', 'section.id = meeting.sectionId')
    .where('section.termId = :termId', { termId })
    .orderBy('meeting.sectionId')
    .addOrderBy('meeting.position')
    .getMany();
  const bySection = new Map<string, MeetingEntity[]>();
  for (const row of rows) bySection.set(row.sectionId, [...(bySection.get(row.sectionId) ?? []), row]);
  return bySection;
}

async function idsOfOtherTerms(
  manager: EntityManager,
  termId: string,
  sections: CatalogueSection[],
): Promise<Set<string>> {
  if (sections.length === 0) return new Set();
  const rows = await manager
    .createQueryBuilder(SectionEntity, 'section')
    .select('section.id', 'id')
    .where('section.termId <> :termId', { termId })
    .andWhere('section.id IN (:...ids)', { ids: sections.map(({ id }) => id) })
    .getRawMany<{ id: string }>();
  return new Set(rows.map(({ id }) => id));
}
