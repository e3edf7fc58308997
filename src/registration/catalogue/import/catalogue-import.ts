import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ImportReport } from '../../../contract/operate/terms';
import { DomainError } from '../../../common/domain-error';
import type { Database } from '../../../database/database';
import { hundredths } from '../../seats/rules';
import type { Outbox } from '../../ports';
import { refOf, type SectionRef } from '../../seats/section-ref';
import { TermEntity } from '../../entities/term.entity';
import { assertNotArchived, lockTerm } from '../../entities/term-row';
import type { EnrolmentChange } from '../../seats/seat-news';
import { assertSameTerm, type ImportPlan, planImport } from './catalogue-plan';
import { reportOf, type SeatsChanged, seatsChangedBy } from './catalogue-report';
import { closeSections } from './catalogue-closing';
import { parseCatalogue, type ParsedCatalogue } from './catalogue-rows';
import { writePlan } from './catalogue-writer';

export interface ImportOptions {
  /** What people call the term; the term's id when it is new and none is given. */
  name?: string;
  /** Most credits of one student in the term; as it is, or the default of a new term, when none is given. */
  creditLimit?: number;
  /** Only say what would happen. */
  dryRun?: boolean;
  /** Sections that the file no longer has are closed; otherwise they are reported, and stay as they are. */
  closeMissing?: boolean;
  /**
   * Do nothing when this very file was imported last, whatever was changed by hand since; when an earlier version read it,
   * take what is read of it now, and leave the capacities.
   */
  onlyNewFile?: boolean;
  /** Also a file that has hardly any section of the term. */
  force?: boolean;
  /** Where those are told whom it concerns that a section was closed; without it they are not. */
  outbox?: Outbox;
}

/** What an import did, and the sections whose seats left are others now. */
export interface ImportResult {
  report: ImportReport;
  seats: SeatsChanged[];
  /** Waits that ended, since their section was closed. */
  changes: EnrolmentChange[];
}

/** Most credits per student in a new term, in hundredths: half as much again as the usual four courses of 1.00. */
export const DEFAULT_CREDIT_LIMIT_HUNDREDTHS = 600;

/** Of how files are read: another number when the same file says more than before. The first one had none. */
const READING = 2;

const NO_CHANGE: ImportPlan = { existing: 0, added: [], changed: [], missing: [], belowTaken: [], capacities: [] };

/** Brings a term's catalogue into the database, in one transaction. */
export class CatalogueImport {
  /**
   * Imports the CSV text as the term's catalogue, also while seats are being taken: the sections are locked in the order
   * of their ids as by the seat ledger, and what is taken stays taken. Sections that are there already are changed to
   * what the file says, with two exceptions, which are reported: one that the file no longer has is kept, and a capacity
   * is never set below the seats that are taken or held. One whose capacity becomes 0 is closed: nobody new gets in, waits
   * for it end, and those enrolled keep their seats; both are told.
   *
   * @throws DomainError `invalid_input` when it is not a catalogue, when none of its rows is a section, when it has hardly
   * any section of the term, or when what it lacks is to be closed and some of its rows are no sections; with what is
   * wrong as `details.problems`
   */
  static async run(
    database: Database,
    csv: string,
    termId: string,
    options: ImportOptions = {},
  ): Promise<ImportResult> {
    const parsed = parseCatalogue(csv);
    assertUsable(parsed);
    if (options.closeMissing) assertWhole(parsed);
    return options.dryRun
      ? planned(database, parsed, termId, options)
      : imported(database, parsed, csv, termId, options);
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A file that brings nothing is not the file that was meant. */
function assertUsable({ sections, problems }: ParsedCatalogue): void {
  if (sections.length > 0) return;
  const [first] = problems;
  const text = first ? `No row of the file is a section. Line ${first.line}: ${first.rule}.` : 'The file has no rows.';
  throw new DomainError('invalid_input', text, { problems });
}

/** A section whose row cannot be read is not one that the file lacks. */
function assertWhole({ unusableLines, problems }: ParsedCatalogue): void {
  if (unusableLines.length === 0) return;
  const lines = `${unusableLines.length > 1 ? 'lines' : 'line'} ${unusableLines.join(', ')}`;
  const text = `Nothing can be closed by a file with rows that are no sections (${lines}). Mend them, or close nothing.`;
  throw new DomainError('invalid_input', text, { problems });
}

async function planned(
  database: Database,
  parsed: ParsedCatalogue,
  termId: string,
  { closeMissing, force }: ImportOptions,
): Promise<ImportResult> {
  const plan = await database.read(async (manager) => {
    const term = await manager.findOneBy(TermEntity, { id: termId });
    if (term) assertNotArchived(term);
    return planImport(manager, termId, parsed.sections, { closeMissing });
  });
  if (!force) assertSameTerm(plan, parsed.sections.length);
  return { report: reportOf(termId, 'dry_run', parsed, plan), seats: [], changes: [] };
}

async function imported(
  database: Database,
  parsed: ParsedCatalogue,
  csv: string,
  termId: string,
  { name = termId, creditLimit, closeMissing, onlyNewFile, outbox, force }: ImportOptions,
): Promise<ImportResult> {
  const lock = database.kind === 'mysql';
  const contentHash = hashOf(`${READING}\n${csv}`);
  await database.write((manager) => makeTerm(manager, termId, name));
  return database.write(async (manager) => {
    const term = await lockTerm(database, manager, termId);
    if (onlyNewFile && term.contentHash === contentHash) {
      return { report: reportOf(termId, 'unchanged', parsed, NO_CHANGE), seats: [], changes: [] };
    }
    assertNotArchived(term);
    const keepCapacities = onlyNewFile && term.contentHash === hashOf(csv);
    const plan = await planImport(manager, termId, parsed.sections, { lock, closeMissing, keepCapacities });
    if (!force) assertSameTerm(plan, parsed.sections.length);
    const now = await database.now(manager);
    await writePlan(manager, termId, plan, now);
    const { notices, changes } = await closeSections(manager, closedBy(plan), now);
    if (notices.length > 0) await outbox?.add(manager, notices, now);
    const creditLimitHundredths = creditLimit === undefined ? term.creditLimitHundredths : hundredths(creditLimit);
    await manager.update(TermEntity, { id: termId }, { contentHash, importedAt: now, creditLimitHundredths });
    return { report: reportOf(termId, 'imported', parsed, plan), seats: seatsChangedBy(plan), changes };
  });
}

const closedBy = ({ capacities }: ImportPlan): SectionRef[] =>
  capacities.filter(({ capacity }) => capacity === 0).map(({ before }) => refOf(before));

/** The row that all imports of the term lock; two pods may make it at the same moment. */
async function makeTerm(manager: EntityManager, id: string, name: string): Promise<void> {
  const term = { id, name, contentHash: '', importedAt: 0, creditLimitHundredths: DEFAULT_CREDIT_LIMIT_HUNDREDTHS };
  await manager.createQueryBuilder().insert().into(TermEntity).values(term).orIgnore().execute();
}
