import { existsSync } from 'node:fs';
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
  /** Make the embedded database when it is not there. Default false. */
  make?: boolean;
}

/**
 * Opens the database that a command was given.
 *
 * @throws Error that says what is wrong with what was given; DomainError `database_unavailable`
 */
export function openForCommand({ url, dataDir, entities, make = false }: CommandDatabase): Promise<Database> {
  if (url) {
    const { error } = databaseUrl.schema.safeParse(url);
    if (error) throw new Error(`the address of the database ${error.issues[0]?.message}`);
    return openDatabase({ url, entities, startTimeoutMs: START_TIMEOUT_MS });
  }
  const file = databaseFile(dataDir);
  if (!make && !existsSync(file)) throw new Error(`there is no database in ${dataDir}`);
  return openDatabase({ file, entities });
}
