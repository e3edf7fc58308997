import type { MigrationInterface, QueryRunner, TableForeignKeyOptions, TableOptions } from 'typeorm';
import { MysqlKeys, rebuildTable } from '../alter-table';
import { addColumn, bigint, integer, text, varchar } from '../table';

const SECTION: TableOptions = {
  name: 'section',
  columns: [
    varchar('term_id', 40, { isPrimary: true }),
    varchar('id', 32, { isPrimary: true }),
    varchar('course_id', 80),
    varchar('department', 16),
    varchar('number', 16),
    varchar('section', 8),
    varchar('type', 24),
    varchar('title', 200),
    varchar('instructors', 500),
    integer('credits_hundredths'),
    text('prerequisites'),
    text('notes'),
    text('search_text'),
    text('class_year_limits', { isNullable: true }),
    integer('capacity'),
    integer('taken'),
    integer('held'),
    integer('overrides'),
    integer('waiting', { default: 0 }),
    integer('waitlist_number', { default: 0 }),
    text('policy', { isNullable: true }),
    integer('version'),
    integer('revision'),
  ],
  checks: [
    { name: 'section_seats', expression: 'taken + held <= capacity + overrides' },
    { name: 'section_counts', expression: 'taken >= 0 AND held >= 0 AND capacity >= 0 AND overrides >= 0' },
    { name: 'section_waits', expression: 'waiting >= 0 AND waitlist_number >= 0' },
  ],
  indices: [
    { name: 'section_by_course', columnNames: ['course_id'] },
    { name: 'section_by_term', columnNames: ['term_id', 'department'] },
  ],
  foreignKeys: [
    {
      name: 'section_course',
      columnNames: ['course_id'],
      referencedTableName: 'course',
      referencedColumnNames: ['id'],
    },
  ],
};

const foreignKeyOf = (table: string): string => `${table}_section`;

const ofSection = (table: string): TableForeignKeyOptions => ({
  ...{ name: foreignKeyOf(table), columnNames: ['term_id', 'section_id'] },
  ...{ referencedTableName: 'section', referencedColumnNames: ['term_id', 'id'] },
});

const MEETING: TableOptions = {
  name: 'meeting',
  columns: [
    varchar('term_id', 40, { isPrimary: true }),
    varchar('section_id', 32, { isPrimary: true }),
    integer('position', { isPrimary: true }),
    integer('day'),
    integer('start_minute'),
    integer('end_minute'),
    varchar('location', 100),
  ],
  foreignKeys: [ofSection('meeting')],
};

const ENROLMENT: TableOptions = {
  name: 'enrolment',
  columns: [
    varchar('student_id', 64, { isPrimary: true }),
    varchar('term_id', 40, { isPrimary: true }),
    varchar('section_id', 32, { isPrimary: true }),
    bigint('enrolled_at'),
    varchar('source', 16),
    varchar('admission_jti', 64, { isNullable: true }),
  ],
  indices: [{ name: 'enrolment_by_section', columnNames: ['term_id', 'section_id'] }],
  foreignKeys: [ofSection('enrolment')],
};

const WAITLIST_ENTRY: TableOptions = {
  name: 'waitlist_entry',
  columns: [
    varchar('term_id', 40, { isPrimary: true }),
    varchar('section_id', 32, { isPrimary: true }),
    integer('number', { isPrimary: true }),
    varchar('student_id', 64),
    varchar('state', 16),
    integer('open', { isNullable: true }),
    bigint('joined_at'),
    bigint('offer_expires_at', { isNullable: true }),
    bigint('ended_at', { isNullable: true }),
  ],
  indices: [
    { name: 'waitlist_entry_once', columnNames: ['student_id', 'term_id', 'section_id', 'open'], isUnique: true },
    { name: 'waitlist_entry_order', columnNames: ['term_id', 'section_id', 'state', 'number'] },
  ],
  foreignKeys: [ofSection('waitlist_entry')],
};

/** Rows of these name a section, by foreign keys. */
const CHILDREN = [MEETING, ENROLMENT, WAITLIST_ENTRY];

const TERM_OF_MEETING = '(SELECT section.term_id FROM section WHERE section.id = old.section_id)';

/** Universities number their sections anew in every term: what names one is its term and its id. */
export class NameSectionsByTerm1764000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'mysql') await onMysql(runner);
    else await onSqlite(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('section ids of several terms cannot be made unique again; restore a backup'));
  }
}

async function onSqlite(runner: QueryRunner): Promise<void> {
  await rebuildTable(runner, SECTION);
  await rebuildTable(runner, MEETING, { term_id: TERM_OF_MEETING });
  await rebuildTable(runner, ENROLMENT);
  await rebuildTable(runner, WAITLIST_ENTRY);
  await runner.query('DROP INDEX seat_hold_by_section');
  await runner.query('CREATE INDEX seat_hold_by_section ON seat_hold (term_id, section_id)');
}

async function onMysql(runner: QueryRunner): Promise<void> {
  const keys = new MysqlKeys(runner);
  for (const { name } of CHILDREN) await keys.dropForeign(name, foreignKeyOf(name));
  await addTermOfMeetings(runner);
  for (const { name, columns = [], indices = [] } of [SECTION, ...CHILDREN]) {
    const primary = columns.filter(({ isPrimary }) => isPrimary).map((column) => column.name);
    await keys.primary(name, primary);
    for (const { name: index = '', columnNames = [], isUnique } of indices) {
      await keys.index(name, index, columnNames, isUnique);
    }
  }
  await keys.index('seat_hold', 'seat_hold_by_section', ['term_id', 'section_id']);
  for (const { name } of CHILDREN) {
    await keys.foreign(name, foreignKeyOf(name), ['term_id', 'section_id'], 'section (term_id, id)');
  }
}

async function addTermOfMeetings(runner: QueryRunner): Promise<void> {
  const type = 'VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
  await addColumn(runner, 'meeting', 'term_id', `${type} NULL FIRST`);
  await runner.query(
    `UPDATE meeting JOIN section ON section.id = meeting.section_id SET meeting.term_id = section.term_id
     WHERE meeting.term_id IS NULL`,
  );
  await runner.query(`ALTER TABLE meeting MODIFY COLUMN term_id ${type} NOT NULL FIRST`);
}
