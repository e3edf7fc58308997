import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';

/** Rows that are read, and kept in memory, at a time. */
export const PAGE_ROWS = 1_000;

export interface ExportOptions {
  /** Begin with a byte order mark, without which spreadsheet programs take UTF-8 for something else. */
  bom?: boolean;
}

export type CsvRow = Readonly<Record<string, string | number | null>>;

/** Columns that other programs compare byte by byte: they leave as they came in. */
const IDS: ReadonlySet<string> = new Set(['student_id', 'section_id']);

/**
 * Where a spreadsheet would begin to calculate: at a sign that begins a formula, also in its wide form, behind whatever a
 * spreadsheet passes over. A cell may begin in the midst of ours: what we quote for commas is cut again by one that
 * separates by semicolon, tab or bar, and there our quotes hold no line together.
 */
const FORMULA = /(^|[;|\t\r\n])([\s"']*)(?=[=+\-@＝＋－＠])/g;

/** The text, with a `'` wherever it could otherwise be run. */
export const withoutFormulas = (text: string): string => text.replace(FORMULA, "$1$2'");

/**
 * Rows as CSV (RFC 4180) with a header. Texts that a spreadsheet would take for a formula get a `'` in front, ids
 * excepted. The stream ends with an error when the rows do.
 */
export function csvStream(
  rows: AsyncIterable<CsvRow>,
  columns: readonly string[],
  { bom = false }: ExportOptions = {},
): Readable {
  const source = Readable.from(rows);
  const csv = stringify({
    header: true,
    columns: [...columns],
    cast: { string: (text, { column }) => (IDS.has(String(column)) ? text : withoutFormulas(text)) },
    record_delimiter: 'windows',
    bom,
  });
  source.once('error', (error) => csv.destroy(error));
  csv.once('close', () => source.destroy());
  return source.pipe(csv);
}

/**
 * All rows, page by page: each page is the latest committed state, and what changes meanwhile may be there as before or as
 * after.
 *
 * @param read up to PAGE_ROWS rows after the last one of the page before, in an order of their own
 */
export async function* pagewise<T>(read: (last: T | undefined) => Promise<T[]>): AsyncGenerator<T> {
  let last: T | undefined;
  for (;;) {
    const page: T[] = await read(last);
    yield* page;
    last = page.at(-1);
    if (page.length < PAGE_ROWS) return;
  }
}

/** ISO 8601 of what may come as text from the database; null for no time. */
export const timeText = (milliseconds: string | number | null): string | null =>
  milliseconds === null ? null : new Date(Number(milliseconds)).toISOString();
