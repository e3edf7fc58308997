import type { Database } from './database';
import { MysqlDatabase, type MysqlOptions } from './mysql-database';
import { SqliteDatabase } from './sqlite-database';

export type DatabaseOptions =
  | ({ url: string; file?: undefined } & MysqlOptions)
  | { url?: undefined; file: string; entities: MysqlOptions['entities'] };

/**
 * Opens MySQL or MariaDB at `url`, or else the SQLite file `file`, with the entities of all floors above. Call
 * `migrate()` before anything else.
 *
 * @throws DomainError `database_unavailable` when the database could not be reached in time
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url === undefined ? SqliteDatabase.open(options) : MysqlDatabase.open(options);
}
