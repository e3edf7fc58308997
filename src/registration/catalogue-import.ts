import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import { type CatalogueProblem, type CatalogueSection, parseCatalogue } from './catalogue-rows';
import { TermEntity } from './entities/term.entity';
import { planImport } from './catalogue-plan';
import { courseId } from './catalogue-section';
import { writePlan } from './catalogue-writer';

export interface ImportOptions {
  /** What people call the term; the term's id when it is new and none is given. */
  name?: string;
  /** Only say what would happen. */
  dryRun?: boolean;
}

export interface ImportReport {
  termId: string;
  /** `unchanged`: this very file was imported last. */
  outcome: 'imported' | 'unchanged' | 'dry_run';
  courses: number;
  sections: number;
  meetings: number;
  /** Sections of capacity 0. */
  closed: number;
  withoutTimes: number;
  added: number;
  changed: number;
  /** Rows that could not be taken as they are, by line; 0 for what concerns no line. */
  problems: CatalogueProblem[];
}

/** Most credits per student in a new term, in hundredths: half as much again as the usual four courses of 1.00. */
const DEFAULT_CREDIT_LIMIT_HUNDREDTHS = 600;

/** Brings a term's catalogue into the database, in one transaction. */
export class CatalogueImport {
  /**
   * Imports the CSV text as the term's catalogue. Sections that are there already are changed to what the file says,
   * with two exceptions, which are reported: one that the file no longer has is kept, and a capacity is never set below
   * the seats that are taken or held. A file that was imported last does nothing.
   *
   * @throws DomainError `invalid_input` when it is not a catalogue
   */
  static async run(
    database: Database,
    csv: string,
    termId: string,
    options: ImportOptions = {},
  ): Promise<ImportReport> {
    const contentHash = createHash('sha256').update(csv).digest('hex');
    const { sections, problems } = parseCatalogue(csv);
    const report = { ...countsOf(termId, sections), problems };
    if (options.dryRun) {
      const plan = await database.read((manager) => planImport(manager, termId, sections));
      return { ...report, ...plan.counts, problems: [...problems, ...plan.problems], outcome: 'dry_run' };
    }
    const name = options.name ?? termId;
    await database.write((manager) => makeTerm(manager, termId, name));
    return database.write(async (manager) => {
      const term = await lockedTerm(database, manager, termId);
      if (term.contentHash === contentHash) return { ...report, added: 0, changed: 0, outcome: 'unchanged' };
      const plan = await planImport(manager, termId, sections, database.kind === 'mysql');
      await writePlan(manager, termId, plan);
      await manager.update(TermEntity, { id: termId }, { contentHash, importedAt: await database.now(manager) });
      return { ...report, ...plan.counts, problems: [...problems, ...plan.problems], outcome: 'imported' };
    });
  }
}

function countsOf(termId: string, sections: CatalogueSection[]) {
  return {
    termId,
    courses: new Set(sections.map((section) => courseId(termId, section))).size,
    sections: sections.length,
    meetings: sections.reduce((sum, { meetings }) => sum + meetings.length, 0),
    closed: sections.filter(({ capacity }) => capacity === 0).length,
    withoutTimes: sections.filter(({ meetings }) => meetings.length === 0).length,
  };
}

/** The row that all imports of the term lock; two pods may make it at the same moment. */
async function makeTerm(manager: EntityManager, id: string, name: string): Promise<void> {
  const term = { id, name, contentHash: '', importedAt: 0, creditLimitHundredths: DEFAULT_CREDIT_LIMIT_HUNDREDTHS };
  await manager.createQueryBuilder().insert().into(TermEntity).values(term).orIgnore().execute();
}

function lockedTerm(database: Database, manager: EntityManager, id: string): Promise<TermEntity> {
  const query = manager.createQueryBuilder(TermEntity, 'term').where({ id });
  return (database.kind === 'mysql' ? query.setLock('pessimistic_write') : query).getOneOrFail();
}
