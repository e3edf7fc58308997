import type { ImportReport } from '../../../contract/operate/terms';
import type { ImportPlan } from './catalogue-plan';
import type { CatalogueSection, ParsedCatalogue } from './catalogue-rows';

/** Seats left after an import; an older version never replaces a newer one. */
export interface SeatsChanged {
  id: string;
  left: number;
  version: number;
  capacity: number;
  /** New seats that are held for those who wait. */
  kept: number;
}

export function reportOf(
  termId: string,
  outcome: ImportReport['outcome'],
  { sections, problems }: ParsedCatalogue,
  plan: ImportPlan,
): ImportReport {
  return {
    termId,
    outcome,
    file: countsOf(sections),
    counts: { added: plan.added.length, changed: plan.changed.length, missing: plan.missing.length },
    added: plan.added.map((section) => ({ ...nameOf(section), capacity: section.capacity })),
    changed: plan.changed.map(({ before, changes }) => ({ ...nameOf(before), changes })),
    missing: plan.missing.map(({ before, capacity }) => ({
      ...nameOf(before),
      capacity: before.capacity,
      taken: before.taken,
      newCapacity: capacity,
    })),
    belowTaken: plan.belowTaken,
    problems,
  };
}

export function seatsChangedBy({ capacities }: ImportPlan): SeatsChanged[] {
  return capacities.map(({ before: { id, version }, capacity, left, kept }) => ({
    ...{ id, left, capacity, kept },
    version: version + 1,
  }));
}

function countsOf(sections: readonly CatalogueSection[]): ImportReport['file'] {
  return {
    courses: new Set(sections.map(({ department, number }) => `${department}:${number}`)).size,
    sections: sections.length,
    meetings: sections.reduce((sum, { meetings }) => sum + meetings.length, 0),
    closed: sections.filter(({ capacity }) => capacity === 0).length,
    withoutTimes: sections.filter(({ meetings }) => meetings.length === 0).length,
  };
}

function nameOf(
  section: Pick<CatalogueSection, 'id' | 'department' | 'number' | 'section' | 'title'>,
): Pick<ImportReport['added'][number], 'id' | 'name' | 'title'> {
  const { id, department, number, title } = section;
  return { id, name: `${department} ${number} ${section.section}`.trimEnd(), title };
}
