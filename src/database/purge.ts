import type { EntityManager } from 'typeorm';
import { pairsIn, placeholders, type RowValue } from './bulk';
import type { Database } from './database';

/** Few at a time, so that no row stays locked for long, and other writers get their turn in between. */
const ROWS_AT_A_TIME = 1_000;

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
  let count = ROWS_AT_A_TIME;
  while (count === ROWS_AT_A_TIME && !signal?.aborted) {
    count = await database.write((manager) => purgeSome(database, manager, what));
    purged += count;
  }
  return purged;
}

async function purgeSome(database: Database, manager: EntityManager, what: Purge): Promise<number> {
  const { table, key, old, orderBy, keptMs } = what;
  const before = (await database.now(manager)) - keptMs;
  const times = old.split(':before');
  const rows = await manager.query<Record<string, RowValue>[]>(
    `SELECT ${key.join(', ')} FROM ${table} WHERE ${times.join('?')} ORDER BY ${orderBy}
     LIMIT ${ROWS_AT_A_TIME}${database.kind === 'mysql' ? ' FOR UPDATE SKIP LOCKED' : ''}`,
    times.slice(1).map(() => before),
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
  await manager.query(`DELETE FROM ${table} WHERE ${found.sql}`, found.values);
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
