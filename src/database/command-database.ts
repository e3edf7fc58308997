import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseUrl } from '../config/kinds';
import { databaseFile } from './data-directory';
import type { Database } from './database';
import type { MysqlOptions } from './mysql-database';
import { openDatabase } from './open-database';

/** Somebody waits at the terminal for what may be a typing error. */
const START_TIMEOUT_MS = 5_000;

export interface CommandDatabase {
  /** `mysql://…`; undefined or empty: the embedded database of `dataDir`. */
  url: string | undefined;
  dataDir: string;
  entities: MysqlOptions['entities'];
  /**
   * - `read` (default): the database must be there, with the schema of this version, and nothing of it is changed.
   * - `write`: it is brought to the schema of this version; an embedded one is made when it is not there.
   * - `rehearse`: as `read`; where there is no embedded one, an empty one that is gone when it is closed.
   */
  purpose?: 'read' | 'write' | 'rehearse';
}

/**
 * Opens the database that a command was given.
 *
 * @throws Error that says what is wrong with what was given; DomainError `database_unavailable`
 */
export async function openForCommand({ url, dataDir, entities, purpose = 'read' }: CommandDatabase): Promise<Database> {
  if (url) {
    const { error } = databaseUrl.safeParse(url);
    if (error) throw new Error(`the address of the database ${error.issues[0]?.message}`);
    return prepared(await openDatabase({ url, entities, startTimeoutMs: START_TIMEOUT_MS }), purpose);
  }
  const file = databaseFile(dataDir);
  const isThere = existsSync(file);
  if (!isThere && purpose === 'read') throw new Error(`there is no database in ${dataDir}`);
  if (!isThere && purpose === 'rehearse') return emptyDatabase(entities);
  return prepared(await openDatabase({ file, entities }), purpose);
}

async function prepared(database: Database, purpose: 'read' | 'write' | 'rehearse'): Promise<Database> {
  try {
    if (purpose === 'write') await database.migrate();
    else await assertUpToDate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One that is gone when it is closed. */
async function emptyDatabase(entities: MysqlOptions['entities']): Promise<Database> {
  const directory = await mkdtemp(join(tmpdir(), 'sunbeon-'));
  const database = await openDatabase({ file: databaseFile(directory), entities });
  const close = database.close.bind(database);
  database.close = async () => {
    await close();
    await rm(directory, { recursive: true });
  };
  return prepared(database, 'write');
}

async function assertUpToDate(database: Database): Promise<void> {
  const missing = await database.missingMigrations();
  if (missing.length === 0) return;
  throw new Error(
    `the database is of an older version (it lacks ${missing.join(', ')}), and this command changes nothing; ` +
      'a pod of this version brings it up to date when it starts',
  );
}
