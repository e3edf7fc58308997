import { join } from 'node:path';
import { openDatabase } from '../../../src/database/open-database';
import type { Database } from '../../../src/database/database';
import type { DatabaseMaker } from '../../../load/servers/sql-server';
import { startDatabase } from '../../../load/servers/start-database';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';

export type TestedDatabase = 'sqlite' | DatabaseMaker;

/** What touches the database runs on these. */
export const TESTED_DATABASES: TestedDatabase[] = ['sqlite', 'mysql'];

/** What is about the database itself runs on all that there are: MariaDB differs from MySQL in SQL, not in what we do. */
export const ALL_DATABASES: TestedDatabase[] = [...TESTED_DATABASES, 'mariadb'];

type Entities = Parameters<typeof openDatabase>[0]['entities'];

export interface Home {
  kind: TestedDatabase;
  /** Where it is, for another process. */
  place: { url: string } | { file: string };
  /** Opens the same, shared database once more, as another pod would. */
  open(entities: Entities): Promise<Database>;
  /** Closes all that were opened, and ends the server. */
  remove(): Promise<void>;
}

/** A new database of its own, without any table. */
export async function makeHome(kind: TestedDatabase): Promise<Home> {
  const opened: Database[] = [];
  const { place, remove } = kind === 'sqlite' ? sqliteFile() : await serverOf(kind);
  return {
    kind,
    place,
    open: async (entities) => {
      const database = await openDatabase({ ...place, entities });
      opened.push(database);
      return database;
    },
    remove: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await remove();
    },
  };
}

function sqliteFile() {
  const directory = temporaryDirectory('sqlite');
  return { place: { file: join(directory.path, 'sunbeon.sqlite') }, remove: async () => directory.remove() };
}

async function serverOf(maker: DatabaseMaker) {
  const server = await startDatabase(maker);
  return { place: { url: server.url }, remove: () => server.stop() };
}

/** What the migrated tables lack or have beyond their entities: `table: columns that differ`. */
export async function schemaDifferences(database: Database, entities: Entities): Promise<string[]> {
  return database.read(async (manager) => {
    const differences = await Promise.all(
      entities.map(async (entity) => {
        const { tableName, columns } = manager.dataSource.getMetadata(entity);
        const expected = columns.map((column) =>
          describeColumn(column.databaseName, column.isPrimary, column.isNullable),
        );
        const table = await (manager.queryRunner ?? manager.dataSource.createQueryRunner()).getTable(tableName);
        const actual = table?.columns.map((column) => describeColumn(column.name, column.isPrimary, column.isNullable));
        const missing = expected.filter((column) => !actual?.includes(column));
        const beyond = actual?.filter((column) => !expected.includes(column)) ?? [];
        return [...missing, ...beyond].map((column) => `${tableName}: ${column}`);
      }),
    );
    return differences.flat();
  });
}

const describeColumn = (name: string, isPrimary: boolean, isNullable: boolean): string =>
  `${name}${isPrimary ? ' primary' : ''}${isNullable ? ' nullable' : ''}`;
