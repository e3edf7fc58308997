import type { QueryRunner, TableOptions } from 'typeorm';
import { createTable } from './table';

/**
 * SQLite cannot change keys: makes the table anew as `options` say, with the rows that it has, and its indices.
 * Foreign keys are off while migrations run there, so that other tables may go on naming it.
 *
 * @param source where a column comes from that the old table does not have, as SQL on its row `old`
 */
export async function rebuildTable(
  runner: QueryRunner,
  { indices = [], ...options }: TableOptions,
  source: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { name, columns = [] } = options;
  const names = columns.map((column) => column.name);
  const values = names.map((column) => source[column] ?? `old.${column}`);
  await createTable(runner, { ...options, name: `${name}_new` });
  await runner.query(`INSERT INTO ${name}_new (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${name} AS old`);
  await runner.query(`DROP TABLE ${name}`);
  await runner.query(`ALTER TABLE ${name}_new RENAME TO ${name}`);
  for (const { name: index, columnNames = [], isUnique } of indices) {
    await runner.query(`CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${index} ON ${name} (${columnNames.join(', ')})`);
  }
}

type Columns = readonly string[];

/**
 * Changes of keys on MySQL and MariaDB. Each such statement is committed at once, so each is made only where it was not
 * made yet, and a migration that failed half-way can be run again.
 */
export class MysqlKeys {
  constructor(private readonly runner: QueryRunner) {}

  async primary(table: string, columns: Columns): Promise<void> {
    if (await this.hasIndex(table, 'PRIMARY', columns)) return;
    await this.runner.query(`ALTER TABLE ${table} DROP PRIMARY KEY, ADD PRIMARY KEY (${columns.join(', ')})`);
  }

  /** An index of that name that is there already gets these columns instead. */
  async index(table: string, name: string, columns: Columns, unique = false): Promise<void> {
    if (await this.hasIndex(table, name, columns)) return;
    const drop = (await this.columnsOf(table, name)).length > 0 ? `DROP INDEX ${name}, ` : '';
    const kind = unique ? 'UNIQUE INDEX' : 'INDEX';
    await this.runner.query(`ALTER TABLE ${table} ${drop}ADD ${kind} ${name} (${columns.join(', ')})`);
  }

  async dropForeign(table: string, name: string): Promise<void> {
    if (await this.hasForeign(table, name)) await this.runner.query(`ALTER TABLE ${table} DROP FOREIGN KEY ${name}`);
  }

  /** @param target the table and the columns that it refers to, as SQL */
  async foreign(table: string, name: string, columns: Columns, target: string): Promise<void> {
    if (await this.hasForeign(table, name)) return;
    await this.runner.query(
      `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${columns.join(', ')}) REFERENCES ${target}`,
    );
  }

  private async hasForeign(table: string, name: string): Promise<boolean> {
    const rows = await this.runner.manager.query<unknown[]>(
      `SELECT 1 FROM information_schema.table_constraints WHERE constraint_schema = DATABASE()
       AND table_name = ? AND constraint_name = ? AND constraint_type = 'FOREIGN KEY'`,
      [table, name],
    );
    return rows.length > 0;
  }

  private async hasIndex(table: string, name: string, columns: Columns): Promise<boolean> {
    return (await this.columnsOf(table, name)).join() === columns.join();
  }

  private async columnsOf(table: string, index: string): Promise<string[]> {
    const rows = await this.runner.manager.query<{ name: string }[]>(
      `SELECT column_name AS name FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ? ORDER BY seq_in_index`,
      [table, index],
    );
    return rows.map(({ name }) => name);
  }
}
