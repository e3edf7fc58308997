import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { bigint, createTable, integer, text, varchar } from '../table';

const TERM: TableOptions = {
  name: 'term',
  columns: [
    varchar('id', 40, { isPrimary: true }),
    varchar('name', 200),
    varchar('content_hash', 64),
    bigint('imported_at'),
    integer('credit_limit_hundredths'),
  ],
};

const COURSE: TableOptions = {
  name: 'course',
  columns: [
    varchar('id', 80, { isPrimary: true }),
    varchar('term_id', 40),
    varchar('department', 16),
    varchar('number', 16),
  ],
  indices: [{ name: 'course_code', columnNames: ['term_id', 'department', 'number'], isUnique: true }],
};

const SECTION: TableOptions = {
  name: 'section',
  columns: [
    varchar('id', 32, { isPrimary: true }),
    varchar('term_id', 40),
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
    integer('version'),
    integer('revision'),
  ],
  checks: [
    { name: 'section_seats', expression: 'taken + held <= capacity + overrides' },
    { name: 'section_counts', expression: 'taken >= 0 AND held >= 0 AND capacity >= 0 AND overrides >= 0' },
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

const MEETING: TableOptions = {
  name: 'meeting',
  columns: [
    varchar('section_id', 32, { isPrimary: true }),
    integer('position', { isPrimary: true }),
    integer('day'),
    integer('start_minute'),
    integer('end_minute'),
    varchar('location', 100),
  ],
  foreignKeys: [
    {
      name: 'meeting_section',
      columnNames: ['section_id'],
      referencedTableName: 'section',
      referencedColumnNames: ['id'],
    },
  ],
};

const ENROLMENT: TableOptions = {
  name: 'enrolment',
  columns: [
    varchar('student_id', 64, { isPrimary: true }),
    varchar('section_id', 32, { isPrimary: true }),
    varchar('term_id', 40),
    bigint('enrolled_at'),
    varchar('source', 16),
    varchar('admission_jti', 64, { isNullable: true }),
  ],
  indices: [{ name: 'enrolment_by_section', columnNames: ['section_id'] }],
  foreignKeys: [
    {
      name: 'enrolment_section',
      columnNames: ['section_id'],
      referencedTableName: 'section',
      referencedColumnNames: ['id'],
    },
  ],
};

const SEAT_REQUEST: TableOptions = {
  name: 'seat_request',
  columns: [
    varchar('student_id', 64, { isPrimary: true }),
    varchar('request_key', 64, { isPrimary: true }),
    varchar('request_hash', 64),
    text('answer'),
    bigint('answered_at'),
  ],
  indices: [{ name: 'seat_request_by_time', columnNames: ['answered_at'] }],
};

const TABLES = [TERM, COURSE, SECTION, MEETING, ENROLMENT, SEAT_REQUEST];

export class CreateSeats1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
  }
}
