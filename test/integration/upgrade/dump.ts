import { escape, escapeId } from 'mysql2';
import { type RowDataPacket, createConnection } from 'mysql2/promise';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { withDatabase } from '../../../load/servers/sql-server';
import { Sqlite } from '../../../src/database/sqlite-driver';
import type { Places } from './story';

export type DumpKind = 'sqlite' | 'mysql' | 'mariadb';

/** What the service had written when it was stopped. */
export interface Dump {
  /** ms since the Unix epoch. */
  madeAt: number;
  places: Places;
  statements: string[];
}

/** The version that made them. */
const VERSION = '60f9698';
const fileOf = (kind: DumpKind): string => join(__dirname, 'dumps', `${VERSION}-${kind}.json.gz`);

export function writeDump(kind: DumpKind, dump: Dump): void {
  writeFileSync(fileOf(kind), gzipSync(JSON.stringify(dump), { level: 9 }));
}

/** Times of the story lie within so long before and after its end, ms: offers end after 14 days. */
const STORY_MS = 15 * 86_400_000;
/** How long ago the story seems to have ended: what was put off for a moment is due. */
const AGO_MS = 60_000;

/** The dump as if it had been made a minute ago: leases and offers still run, as after any upgrade. */
export function readDump(kind: DumpKind): Dump {
  const { madeAt, places, statements } = JSON.parse(gunzipSync(readFileSync(fileOf(kind))).toString()) as Dump;
  const later = Date.now() - AGO_MS - madeAt;
  const moved = (text: string): string =>
    text.replace(/\b\d{13}\b/g, (digits) => {
      const time = Number(digits);
      return Math.abs(time - madeAt) < STORY_MS ? String(time + later) : digits;
    });
  // The signed tickets keep the times of their joins, and no room is younger than its tickets.
  const isKept = (statement: string): boolean => /^INSERT INTO ["`]room_version["`]/.test(statement);
  const all = statements.map((statement) => (isKept(statement) ? statement : moved(statement)));
  return { madeAt: madeAt + later, places, statements: all };
}

export function sqliteStatements(file: string): string[] {
  const database = new Sqlite(file, { readonly: true });
  try {
    const made = database
      .prepare<[], { type: string; name: string; sql: string }>(
        `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`,
      )
      .all();
    const tables = made.filter(({ type }) => type === 'table');
    const rows = [...tables.map(({ name }) => name), 'sqlite_sequence'].flatMap((name) =>
      database
        .prepare<[], unknown[]>(`SELECT * FROM "${name}"`)
        .raw()
        .all()
        .map((row) => `INSERT INTO "${name}" VALUES (${row.map(sqliteValue).join(', ')})`),
    );
    const others = made.filter(({ type }) => type !== 'table');
    return [...tables.map(({ sql }) => sql), ...rows, ...others.map(({ sql }) => sql)];
  } finally {
    database.close();
  }
}

function sqliteValue(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  throw new Error(`the dump has no word for a ${typeof value}`);
}

export function loadSqlite(file: string, statements: string[]): void {
  const database = new Sqlite(file);
  database.pragma('foreign_keys = OFF');
  database.transaction(() => {
    for (const statement of statements) database.exec(statement);
  })();
  database.close();
}

export function mysqlStatements(url: string): Promise<string[]> {
  return withDatabase(url, async (connection) => {
    const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
    const statements: string[] = [];
    for (const name of tables.map((table) => String(Object.values(table)[0]))) {
      const [[made]] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE ${escapeId(name)}`);
      statements.push(String(made?.['Create Table']));
      const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM ${escapeId(name)}`);
      for (const row of rows) {
        statements.push(
          `INSERT INTO ${escapeId(name)} VALUES (${Object.values<Cell>(row as Record<string, Cell>)
            .map((value) => escape(value))
            .join(', ')})`,
        );
      }
    }
    return statements;
  });
}

type Cell = string | number | null;

export async function loadMysql(url: string, statements: string[]): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query('SET FOREIGN_KEY_CHECKS = 0');
    for (const statement of statements) await connection.query(statement);
  } finally {
    connection.destroy();
  }
}
