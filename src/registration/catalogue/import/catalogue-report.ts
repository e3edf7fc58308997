import type { FieldChange } from './catalogue-difference';
import type { CapacityBelowTaken, ImportPlan } from './catalogue-plan';
import type { CatalogueProblem, CatalogueSection, ParsedCatalogue } from './catalogue-rows';

/** A section as a report names it. */
export interface SectionName {
  id: string;
  /** `MATH 252 B` */
  name: string;
  title: string;
}

/** What an import did or, as `dry_run`, would do. */
export interface ImportReport {
  termId: string;
  /** `unchanged`: this very file was imported last. */
  outcome: 'imported' | 'unchanged' | 'dry_run';
  /** What is in the file. */
  file: {
    courses: number;
    sections: number;
    meetings: number;
    /** Sections of capacity 0. */
    closed: number;
    withoutTimes: number;
  };
  counts: { added: number; changed: number; missing: number };
  added: (SectionName & { capacity: number })[];
  changed: (SectionName & { changes: FieldChange[] })[];
  /** In the term and not in the file. `newCapacity`: what one got that was to be closed. */
  missing: (SectionName & { capacity: number; taken: number; newCapacity?: number })[];
  /** Capacities in the file below what is taken or held; the lowest legal one stands in `changed`, if that is a change. */
  belowTaken: CapacityBelowTaken[];
  /** What could not be taken as it is, by line of the file. */
  problems: CatalogueProblem[];
}

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

function nameOf(section: Pick<CatalogueSection, 'id' | 'department' | 'number' | 'section' | 'title'>): SectionName {
  const { id, department, number, title } = section;
  return { id, name: `${department} ${number} ${section.section}`.trimEnd(), title };
}
