import type BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { errorText } from '../common/text';
import { makePrivateDatabase, makePrivateDirectory } from './private-files';
import { Sqlite } from './sqlite-driver';

/** The database of the embedded mode. */
export const databaseFile = (directory: string): string => join(directory, 'sunbeon.sqlite');

/** Kept open: the lock is gone when it is closed, and the garbage collector would close it. */
const claimed: BetterSqlite3.Database[] = [];

/**
 * Makes the directory of the embedded mode, and takes it for this process until it ends, in whatever way: two lines over
 * one database would both believe that they are the only one. The lock is SQLite's own, on a file that holds nothing, so
 * commands may use the database meanwhile.
 *
 * @throws Error when another process has it, or when it cannot be made or written
 */
export function claimDataDirectory(directory: string): void {
  try {
    makePrivateDirectory(directory);
    const lockFile = join(directory, 'lock.sqlite');
    makePrivateDatabase(lockFile);
    const lock = new Sqlite(lockFile, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    claimed.push(lock);
  } catch (error) {
    const busy = (error as { code?: string } | undefined)?.code === 'SQLITE_BUSY';
    const why = busy ? 'is in use by another process of this service' : `cannot be used: ${errorText(error)}`;
    throw new Error(`DATA_DIR (${directory}) ${why}`, { cause: error });
  }
}
