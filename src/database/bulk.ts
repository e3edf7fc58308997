import type { EntityManager } from 'typeorm';

export type RowValue = string | number | null;

/** Rows in one statement. SQLite takes at most 32,766 parameters, so at most 65 columns. */
const ROWS_PER_STATEMENT = 500;

/**
 * Inserts many rows in few statements, several times faster than through entities: no generated values, no
 * transformers. Column names are those of the table; every row has the columns of the first.
 */
export async function bulkInsert(
  manager: EntityManager,
  table: string,
  rows: readonly Readonly<Record<string, RowValue>>[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const escape = (name: string): string => manager.dataSource.driver.escape(name);
  const columns = Object.keys(first);
  const into = `INSERT INTO ${escape(table)} (${columns.map(escape).join(', ')}) VALUES `;
  const oneRow = `(${columns.map(() => '?').join(', ')})`;
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    const parameters = part.flatMap((row) => columns.map((column) => row[column] ?? null));
    await manager.query(into + part.map(() => oneRow).join(', '), parameters);
  }
}

/** `?, ?, ?` for an IN list of that many values. */
export const placeholders = (count: number): string => Array.from({ length: count }, () => '?').join(', ');
