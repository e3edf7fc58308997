import { type QueryRunner, Table, type TableColumnOptions, type TableOptions } from 'typeorm';

type Extra = Omit<TableColumnOptions, 'name' | 'type' | 'length'>;

/** Short text of at most `length` characters; the only kind of text that may be part of a key. */
export const varchar = (name: string, length: number, extra: Extra = {}): TableColumnOptions => ({
  ...extra,
  name,
  type: 'varchar',
  length: String(length),
});

/** Text of at most 65,535 bytes. */
export const text = (name: string, extra: Extra = {}): TableColumnOptions => ({ ...extra, name, type: 'text' });

/** A whole number of 32 bits. */
export const integer = (name: string, extra: Extra = {}): TableColumnOptions => ({ ...extra, name, type: 'int' });

/** A whole number up to 2^53 − 1: milliseconds, sequences. Its entity column is `bigintColumn`. */
export const bigint = (name: string, extra: Extra = {}): TableColumnOptions => ({ ...extra, name, type: 'bigint' });

/**
 * Creates a table the same way on SQLite and on MySQL or MariaDB: all text compares byte by byte (ids differ by case),
 * and CHECK constraints, which TypeORM leaves out on MySQL, are really there. MySQL commits each such statement at once,
 * so this may be run again after a failure half-way.
 */
export async function createTable(runner: QueryRunner, options: TableOptions): Promise<void> {
  if (runner.dataSource.options.type !== 'mysql') {
    await runner.createTable(new Table(options), true);
    return;
  }
  const columns = options.columns?.map((column) =>
    column.type === 'varchar' || column.type === 'text'
      ? { ...column, charset: 'utf8mb4', collation: 'utf8mb4_bin' }
      : column,
  );
  await runner.createTable(new Table({ ...options, columns, checks: [], engine: 'InnoDB' }), true);
  for (const check of options.checks ?? []) {
    if (!check.name) throw new Error(`a check of table ${options.name} has no name`);
    const found = (await runner.query(
      `SELECT 1 FROM information_schema.table_constraints
       WHERE constraint_schema = DATABASE() AND table_name = ? AND constraint_name = ?`,
      [options.name, check.name],
    )) as unknown[];
    if (found.length > 0) continue;
    await runner.query(
      `ALTER TABLE \`${options.name}\` ADD CONSTRAINT \`${check.name}\` CHECK (${check.expression ?? ''})`,
    );
  }
}

/**
 * Adds a column unless it is there. Plain SQL: TypeORM would copy the whole table on SQLite.
 *
 * @param definition type, null or not, default
 */
export async function addColumn(runner: QueryRunner, table: string, name: string, definition: string): Promise<void> {
  if (await runner.hasColumn(table, name)) return;
  await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${definition}`);
}
