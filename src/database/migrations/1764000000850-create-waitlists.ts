import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { bigint, createTable, integer, text, varchar } from '../table';

const COUNTS = ['waiting', 'waitlist_number'];

const WAITLIST_ENTRY: TableOptions = {
  name: 'waitlist_entry',
  columns: [
    varchar('section_id', 32, { isPrimary: true }),
    integer('number', { isPrimary: true }),
    varchar('student_id', 64),
    varchar('term_id', 40),
    varchar('state', 16),
    integer('open', { isNullable: true }),
    bigint('joined_at'),
    bigint('offer_expires_at', { isNullable: true }),
    bigint('ended_at', { isNullable: true }),
  ],
  indices: [
    { name: 'waitlist_entry_once', columnNames: ['student_id', 'section_id', 'open'], isUnique: true },
    { name: 'waitlist_entry_order', columnNames: ['section_id', 'state', 'number'] },
  ],
  foreignKeys: [
    {
      name: 'waitlist_entry_section',
      columnNames: ['section_id'],
      referencedTableName: 'section',
      referencedColumnNames: ['id'],
    },
  ],
};

const SEAT_HOLD: TableOptions = {
  name: 'seat_hold',
  columns: [
    varchar('id', 22, { isPrimary: true }),
    varchar('section_id', 32),
    varchar('term_id', 40),
    varchar('reason', 16),
    varchar('student_id', 64, { isNullable: true }),
    bigint('due_at'),
    bigint('claimed_until'),
  ],
  indices: [
    { name: 'seat_hold_by_section', columnNames: ['section_id'] },
    { name: 'seat_hold_by_time', columnNames: ['due_at'] },
  ],
};

const SEAT_ACT: TableOptions = {
  name: 'seat_act',
  columns: [
    varchar('id', 22, { isPrimary: true }),
    varchar('term_id', 40),
    varchar('section_id', 32, { isNullable: true }),
    varchar('student_id', 64, { isNullable: true }),
    varchar('act', 16),
    varchar('operator', 64),
    varchar('note', 200),
    text('details'),
    bigint('done_at'),
  ],
  indices: [{ name: 'seat_act_by_section', columnNames: ['term_id', 'section_id'] }],
};

const TABLES = [WAITLIST_ENTRY, SEAT_HOLD, SEAT_ACT];

export class CreateWaitlists1764000000850 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const name of COUNTS) {
      await addColumn(runner, 'section', name, `INT NOT NULL DEFAULT 0 CHECK (${name} >= 0)`);
    }
    const isMysql = runner.dataSource.options.type === 'mysql';
    const policy = isMysql ? 'TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL' : 'TEXT NULL';
    await addColumn(runner, 'section', 'policy', policy);
    await addColumn(runner, 'term', 'policy', policy);
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
    await runner.query('ALTER TABLE term DROP COLUMN policy');
    for (const name of ['policy', ...COUNTS]) await runner.query(`ALTER TABLE section DROP COLUMN ${name}`);
  }
}

/** Plain SQL: TypeORM would copy the whole table on SQLite. */
async function addColumn(runner: QueryRunner, table: string, name: string, definition: string): Promise<void> {
  if (await runner.hasColumn(table, name)) return;
  await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${definition}`);
}
