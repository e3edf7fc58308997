import type { EntityManager } from 'typeorm';
import { type RetryPolicy, withRetries } from '../common/retry';
import { pairsIn, placeholders, type RowValue } from './bulk';
import type { Database } from './database';

/** Few at a time, so that no row stays locked for long, and other writers get their turn in between. */
const ROWS_AT_A_TIME = 1_000;

/** Rows that others have locked are left for a moment, so often and so long (ms), and then until the next purge. */
const LOCKED: RetryPolicy = { attempts: 20, firstPauseMs: 50, longestPauseMs: 1_000, spread: 1 };

/** Which rows of a table are forgotten. Names of columns and the condition are ours, never from outside. */
export interface Purge {
  table: string;
  /** The primary key. */
  key: readonly [string] | readonly [string, string];
  /** Of rows that may go, with `:before` for the time before which they are old, ms since the Unix epoch. */
  old: string;
  /** The column whose index finds them. */
  orderBy: string;
  /** How long rows are kept, ms. */
  keptMs: number;
}

/**
 * Deletes what is old by the database's clock, in many short transactions. Several pods may do it at once: each takes
 * rows that no other has locked.
 *
 * @param signal ends it after the transaction under way
 * @returns how many rows
 * @throws DomainError `database_unavailable`; what was deleted before stays deleted
 */
export async function purge(database: Database, what: Purge, signal?: AbortSignal): Promise<number> {
  let purged = 0;
  const untilNoneIsLeft = async (): Promise<void> => {
    for (let count = 1; count > 0 && !signal?.aborted; purged += count) {
      count = await database.write((manager) => purgeSome(database, manager, what));
    }
    // A short batch says nothing: it may have left out what others have locked, and not deleted in the end.
    if (!signal?.aborted && (await database.read((manager) => isAnyLeft(database, manager, what))))
      throw new RowsLocked();
  };
  try {
    await withRetries(LOCKED, (error) => error instanceof RowsLocked && !signal?.aborted, untilNoneIsLeft);
  } catch (error) {
    if (!(error instanceof RowsLocked)) throw error;
  }
  return purged;
}

class RowsLocked extends Error {}

async function isAnyLeft(database: Database, manager: EntityManager, what: Purge): Promise<boolean> {
  const { sql, values } = await oldOnes(database, manager, what);
  return (await manager.query<unknown[]>(`SELECT 1 FROM ${what.table} WHERE ${sql} LIMIT 1`, values)).length > 0;
}

async function oldOnes(
  database: Database,
  manager: EntityManager,
  { old, keptMs }: Purge,
): Promise<{ sql: string; values: RowValue[] }> {
  const before = (await database.now(manager)) - keptMs;
  const times = old.split(':before');
  return { sql: times.join('?'), values: times.slice(1).map(() => before) };
}

async function purgeSome(database: Database, manager: EntityManager, what: Purge): Promise<number> {
  const { table, key, orderBy } = what;
  const { sql, values } = await oldOnes(database, manager, what);
  const rows = await manager.query<Record<string, RowValue>[]>(
    `SELECT ${key.join(', ')} FROM ${table} WHERE ${sql} ORDER BY ${orderBy}
     LIMIT ${ROWS_AT_A_TIME}${database.kind === 'mysql' ? ' FOR UPDATE SKIP LOCKED' : ''}`,
    values,
  );
  if (rows.length === 0) return 0;
  const [first, second] = key;
  const valueOf = (row: Record<string, RowValue>, column: string): RowValue => row[column] ?? null;
  const found =
    second === undefined
      ? { sql: `${first} IN (${placeholders(rows.length)})`, values: rows.map((row) => valueOf(row, first)) }
      : pairsIn(
          manager,
          [first, second],
          rows.map((row) => [valueOf(row, first), valueOf(row, second)] as const),
        );
  // So many of a small table's rows are planned as a scan of the whole, which locks all of them: MySQL is told otherwise.
  await manager.query(`DELETE /*+ INDEX(${table} PRIMARY) */ FROM ${table} WHERE ${found.sql}`, found.values);
  return rows.length;
}

/**
 * Deletes every row of a table that belongs to something that is gone, in many short transactions. May be called again
 * when it was broken off. The names are ours, never from outside.
 *
 * @throws DomainError `database_unavailable`; what was deleted before stays deleted
 */
export async function deleteOf(database: Database, table: string, column: string, value: RowValue): Promise<void> {
  const some =
    database.kind === 'mysql'
      ? `${column} = ? LIMIT ${ROWS_AT_A_TIME}`
      : `rowid IN (SELECT rowid FROM ${table} WHERE ${column} = ? LIMIT ${ROWS_AT_A_TIME})`;
  const isLeft = (manager: EntityManager): Promise<unknown[]> =>
    manager.query(`SELECT 1 FROM ${table} WHERE ${column} = ? LIMIT 1`, [value]);
  while ((await database.read(isLeft)).length > 0) {
    await database.write((manager) => manager.query(`DELETE FROM ${table} WHERE ${some}`, [value]));
  }
}
