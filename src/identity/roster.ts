import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { momentSchema } from '../common/moment';
import { errorText } from '../common/text';
import { classYearSchema, emailSchema, nameSchema, studentIdSchema } from './student';

export interface RosterEntry {
  studentId: string;
  name?: string;
  classYear?: string;
  email?: string;
  /** When this student's window opens, ms since the Unix epoch; absent = with the room. */
  joinsFrom?: number;
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
});

const COLUMNS = Object.keys(rowSchema.shape);

/** Who may join, with which class year and from when. Without a file, everyone who signs in. */
export class Roster {
  private entries?: ReadonlyMap<string, RosterEntry>;

  /** @throws RosterError when a row, the header or the file is bad */
  constructor(private readonly file?: string) {
    this.reload();
  }

  /** How many students it names. */
  get size(): number {
    return this.entries?.size ?? 0;
  }

  lookup(studentId: string): RosterEntry | undefined {
    return this.entries?.get(studentId);
  }

  mayJoin(studentId: string): boolean {
    return this.entries?.has(studentId) ?? true;
  }

  /** Reads the file again. @throws RosterError, and then keeps what it had */
  reload(): void {
    if (this.file !== undefined) this.entries = readRoster(this.file);
  }
}

function readRoster(file: string): Map<string, RosterEntry> {
  const problems: string[] = [];
  const entries = new Map<string, RosterEntry>();
  for (const { record, line } of readRows(file)) {
    const row = rowSchema.safeParse(record);
    if (!row.success) {
      problems.push(
        ...row.error.issues.map(({ path, message }) => `line ${line}: ${path.join('.') || 'row'}: ${message}`),
      );
    } else if (entries.has(row.data.student_id)) {
      problems.push(`line ${line}: student_id: is there twice`);
    } else {
      entries.set(row.data.student_id, toEntry(row.data));
    }
  }
  if (problems.length > 0) throw new RosterError(file, problems);
  return entries;
}

function readRows(file: string): { record: unknown; line: number }[] {
  try {
    const text = readText(file);
    if (text.trim() === '') throw new RosterError(file, ['the file is empty']);
    const rows = parse<{ record: unknown; info: { lines: number } }>(text, {
      columns: (header: string[]) => checkHeader(file, header),
      info: true,
      skip_empty_lines: true,
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
  const bytes = readFileSync(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RosterError(file, ['the file is not UTF-8']);
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

const toEntry = (row: z.output<typeof rowSchema>): RosterEntry => ({
  studentId: row.student_id,
  name: row.name,
  classYear: row.class_year,
  email: row.email,
  joinsFrom: row.joins_from,
});
