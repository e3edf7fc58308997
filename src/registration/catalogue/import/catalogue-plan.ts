import { type EntityManager, In } from 'typeorm';
import type { CapacityBelowTaken, FieldChange } from '../../../contract/operate/terms';
import { chunksOf, groupBy } from '../../../common/collections';
import { ROWS_PER_STATEMENT } from '../../../database/bulk';
import { DomainError } from '../../../common/domain-error';
import { MeetingEntity } from '../../entities/meeting.entity';
import { SectionEntity } from '../../entities/section.entity';
import { type CapacityChange, changeOfCapacity, legalCapacity, promisedSeats } from './catalogue-capacity';
import { concernsRules, fieldChanges } from './catalogue-difference';
import type { CatalogueSection } from './catalogue-rows';

export interface PlanOptions {
  /** Sections keep the capacity that they have, whatever the file says. */
  keepCapacities?: boolean;
  /** Nobody changes a seat until the transaction ends. */
  lock?: boolean;
  /** What the file no longer has is closed. */
  closeMissing?: boolean;
}

export interface ChangedSection {
  before: SectionEntity;
  after: CatalogueSection;
  changes: FieldChange[];
  /** The rules will look at something else than before. */
  newRevision: boolean;
}

/** A section of the term that the file does not have. */
export interface MissingSection {
  before: SectionEntity;
  /** The capacity that it gets; undefined: it is left as it is. */
  capacity: number | undefined;
}

/** What an import would do. */
export interface ImportPlan {
  /** How many sections the term has. */
  existing: number;
  added: CatalogueSection[];
  changed: ChangedSection[];
  missing: MissingSection[];
  belowTaken: CapacityBelowTaken[];
  /** Of the sections changed or missing. */
  capacities: CapacityChange[];
}

/** Of the sections there are and of those in the file, the part that must be new to be another term's, or misread ids. */
const ANOTHER_FILE = 0.9;

/**
 * A file that knows hardly any section of the term, and brings as many new ones, is another term's, or has lost the zeros
 * of its ids.
 *
 * @throws DomainError `invalid_input`
 */
export function assertSameTerm({ existing, added, changed, missing }: ImportPlan, sections: number): void {
  if (existing === 0 || missing.length < existing * ANOTHER_FILE || added.length < sections * ANOTHER_FILE) return;
  const text =
    `Of the ${existing} sections of this term the file lacks ${missing.length}, and ${added.length} of its ${sections} ` +
    'are new: is it the file of this term? If so, import it with force.';
  const details = { existing, missing: missing.length, added: added.length, changed: changed.length };
  throw new DomainError('invalid_input', text, details);
}

/** Compares the file with what the term has. */
export async function planImport(
  manager: EntityManager,
  termId: string,
  sections: CatalogueSection[],
  { lock = false, closeMissing = false, keepCapacities = false }: PlanOptions = {},
): Promise<ImportPlan> {
  const existing = await existingSections(manager, termId, lock);
  const missing = new Map(existing.map((section) => [section.id, section]));
  const meetings = await meetingsOf(manager, termId);
  const plan: ImportPlan = {
    existing: existing.length,
    added: [],
    changed: [],
    missing: [],
    belowTaken: [],
    capacities: [],
  };
  for (const section of sections) {
    const before = missing.get(section.id);
    missing.delete(section.id);
    const after = before && keepCapacities ? { ...section, capacity: before.capacity } : section;
    if (before) planChange(plan, before, meetings.get(section.id) ?? [], after);
    else plan.added.push(section);
  }
  plan.missing = [...missing.values()].map((before) => {
    const capacity = closeMissing ? 0 : before.capacity;
    return { before, capacity: capacity === before.capacity ? undefined : capacity };
  });
  const promised = await promisedSeats(manager, termId, existing);
  plan.capacities = [
    ...plan.changed.map(({ before, after }) => ({ before, capacity: after.capacity })),
    ...plan.missing.flatMap(({ before, capacity }) => (capacity === undefined ? [] : [{ before, capacity }])),
  ]
    .filter(({ before, capacity }) => before.capacity !== capacity)
    .map(({ before, capacity }) => changeOfCapacity(before, capacity, promised.get(before.id) ?? 0));
  return plan;
}

function planChange(plan: ImportPlan, before: SectionEntity, meetings: MeetingEntity[], section: CatalogueSection) {
  const set = legalCapacity(before, section.capacity);
  if (set !== section.capacity) {
    plan.belowTaken.push({ sectionId: section.id, line: section.line, wanted: section.capacity, set });
  }
  const after = { ...section, capacity: set };
  const changes = fieldChanges(before, meetings, after);
  if (changes.length > 0) plan.changed.push({ before, after, changes, newRevision: concernsRules(changes) });
}

/** With `lock`, row by row in the order of the ids, as everybody who locks several sections does. */
async function existingSections(manager: EntityManager, termId: string, lock: boolean): Promise<SectionEntity[]> {
  if (!lock) return manager.find(SectionEntity, { where: { termId }, order: { id: 'ASC' } });
  const rows = await manager.find(SectionEntity, { select: { id: true }, where: { termId }, order: { id: 'ASC' } });
  const sections: SectionEntity[] = [];
  for (const some of chunksOf(rows, ROWS_PER_STATEMENT)) {
    const query = manager
      .createQueryBuilder(SectionEntity, 'section')
      .where({ termId, id: In(some.map(({ id }) => id)) })
      .orderBy('section.id');
    // By any other index the rows would be found, and locked, in another order.
    sections.push(...(await query.useIndex('PRIMARY').setLock('pessimistic_write').getMany()));
  }
  return sections;
}

async function meetingsOf(manager: EntityManager, termId: string): Promise<Map<string, MeetingEntity[]>> {
  const rows = await manager
    .createQueryBuilder(MeetingEntity, 'meeting')
    .where({ termId })
    .orderBy('meeting.sectionId')
    .addOrderBy('meeting.position')
    .getMany();
  return groupBy(rows, ({ sectionId }) => sectionId);
}
