import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { classYearSchema, nameSchema, type RosterLoss } from '../contract/identity';
import { momentSchema } from '../contract/moment';
import { errorText } from '../common/text';
import { studentIdSchema } from '../contract/fields';
import { ClassYears } from './class-year';
import { emailSchema } from './student';

export interface RosterEntry {
  studentId: string;
  name?: string;
  classYear?: string;
  email?: string;
  /** When this student's window opens, ms since the Unix epoch; absent = with the room. */
  joinsFrom?: number;
  /** Why the student may not register for now, as it is told; '' where the file gives no reason. Absent = no hold. */
  hold?: string;
}

/** Why somebody may not register now. */
export interface RosterRefusal {
  code: 'not_on_roster' | 'on_hold';
  message: string;
  /** `reason` of a hold, where the file gives one. */
  details: Record<string, unknown>;
}

/** Everything that is wrong with a roster file, at once, by line. */
export class RosterError extends Error {
  constructor(
    file: string,
    readonly problems: readonly string[],
  ) {
    super(`The roster ${file} has problems:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'RosterError';
  }
}

const emptyAsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const rowSchema = z.strictObject({
  student_id: studentIdSchema,
  name: emptyAsAbsent(nameSchema),
  class_year: emptyAsAbsent(classYearSchema),
  email: emptyAsAbsent(emailSchema),
  joins_from: emptyAsAbsent(momentSchema),
  hold: emptyAsAbsent(z.string().max(200)),
});

/** How files say that there is no hold, or that there is one, without a reason. */
const [NO, YES] = [/^(0|n|no|none|false)$/i, /^(1|y|yes|true|x|hold)$/i];

const COLUMNS = Object.keys(rowSchema.shape);

/** Who may join, with which class year and from when. Without a file, everyone who signs in. */
export class Roster {
  private entries?: ReadonlyMap<string, RosterEntry>;
  /** The list as it stands, in the form of the file; undefined when everyone may join. */
  text?: string;

  /** @throws RosterError when a row, the header or the file is bad */
  constructor(
    private readonly file?: string,
    private readonly classYears = new ClassYears(),
  ) {
    this.reload();
  }

  /** How many students it names. */
  get size(): number {
    return this.entries?.size ?? 0;
  }

  lookup(studentId: string): RosterEntry | undefined {
    return this.entries?.get(studentId);
  }

  /** Everybody it names. */
  all(): readonly RosterEntry[] {
    return [...(this.entries?.values() ?? [])];
  }

  mayJoin(studentId: string): boolean {
    return this.entries?.has(studentId) ?? true;
  }

  /** Why the student may take neither a place nor a seat now; undefined for one who may. */
  refusal(studentId: string): RosterRefusal | undefined {
    if (!this.mayJoin(studentId)) {
      return { code: 'not_on_roster', message: 'You are not on the list of those who may register.', details: {} };
    }
    const hold = this.lookup(studentId)?.hold;
    if (hold === undefined) return undefined;
    const details = hold === '' ? {} : { reason: hold };
    return { code: 'on_hold', message: 'There is a hold on your registration.', details };
  }

  /** Reads the file again. @throws RosterError, and then keeps what it had */
  reload(): void {
    const text = this.fileText();
    if (text !== undefined) this.adopt(text, this.file ?? '');
  }

  /** What the file says now; undefined where there is none. @throws RosterError when it cannot be read */
  fileText(): string | undefined {
    return this.file === undefined ? undefined : readText(this.file);
  }

  /** What it would mean to take over the list that the file holds now. @throws RosterError when that is none */
  lossBy(text: string): RosterLoss {
    const next = readRoster(text, this.file ?? '', this.classYears);
    const mayNow = this.all().filter(({ hold }) => hold === undefined);
    const lost = mayNow.filter(({ studentId }) => {
      const entry = next.get(studentId);
      return entry === undefined || entry.hold !== undefined;
    });
    return { students: mayNow.length, lost: lost.length };
  }

  /** Takes over a list from elsewhere. @throws RosterError, and then keeps what it had */
  adopt(text: string, source: string): void {
    this.entries = readRoster(text, source, this.classYears);
    this.text = text;
  }
}

function readRoster(text: string, file: string, classYears: ClassYears): Map<string, RosterEntry> {
  const problems: string[] = [];
  const unknownYears = new Map<string, { line: number; rows: number }>();
  const entries = new Map<string, RosterEntry>();
  for (const { record, line } of readRows(text, file)) {
    const row = rowSchema.safeParse(record);
    if (!row.success) {
      problems.push(
        ...row.error.issues.map(({ path, message }) => `line ${line}: ${path.join('.') || 'row'}: ${message}`),
      );
    } else if (entries.has(row.data.student_id)) {
      problems.push(`line ${line}: student_id: is there twice`);
    } else {
      const { class_year: written } = row.data;
      const classYear = written === undefined ? undefined : classYears.read(written);
      if (written !== undefined && classYear === undefined) {
        const { line: first, rows } = unknownYears.get(written) ?? { line, rows: 0 };
        unknownYears.set(written, { line: first, rows: rows + 1 });
      }
      entries.set(row.data.student_id, toEntry(row.data, classYear));
    }
  }
  problems.push(...[...unknownYears].map(unknownYearText));
  // Everybody would lose the place at once: it is a file that was not written to its end.
  if (entries.size === 0 && problems.length === 0) problems.push('the file names no student');
  if (problems.length > 0) throw new RosterError(file, problems);
  return entries;
}

function readRows(text: string, file: string): { record: unknown; line: number }[] {
  try {
    if (text.trim() === '') throw new RosterError(file, ['the file is empty']);
    const rows = parse<{ record: unknown; info: { lines: number } }>(text, {
      columns: (header: string[]) => checkHeader(file, header),
      info: true,
      skip_empty_lines: true,
      // Rows that a spreadsheet keeps below its table.
      skip_records_with_empty_values: true,
      trim: true,
    });
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) throw new RosterError(file, [error.message]);
    if (error instanceof RosterError) throw error;
    throw new RosterError(file, [errorText(error)]);
  }
}

/** Without its byte order mark. In another encoding the names would be wrong, and nobody would hear of it. */
function readText(file: string): string {
  const bytes = readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RosterError(file, ['the file is not UTF-8']);
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new RosterError(file, [errorText(error)]);
  }
}

/** A misspelt column must not silently count as absent. */
function checkHeader(file: string, header: string[]): string[] {
  const unknown = header.filter((column) => !COLUMNS.includes(column));
  const problems = unknown.map((column) => `line 1: "${column}" is not a column (they are ${COLUMNS.join(', ')})`);
  if (!header.includes('student_id')) problems.push('line 1: the column student_id is missing');
  if (new Set(header).size < header.length) problems.push('line 1: a column is there twice');
  if (problems.length > 0) throw new RosterError(file, problems);
  return header;
}

/** Once for each spelling: a whole year of students may have it. */
const unknownYearText = ([written, { line, rows }]: [string, { line: number; rows: number }]): string =>
  `line ${line}: class_year: ${JSON.stringify(written)} is no class year that is known` +
  `${rows > 1 ? ` (in ${rows} rows)` : ''}; say in CLASS_YEARS what it means`;

const toEntry = (row: z.output<typeof rowSchema>, classYear: string | undefined): RosterEntry => ({
  studentId: row.student_id,
  name: row.name,
  classYear,
  email: row.email,
  joinsFrom: row.joins_from,
  hold: row.hold === undefined || NO.test(row.hold) ? undefined : YES.test(row.hold) ? '' : row.hold,
});
