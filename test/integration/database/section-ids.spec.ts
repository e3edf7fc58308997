import { DataSource } from 'typeorm';
import { bulkInsert, type RowValue } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { migrations } from '../../../src/database/migrations';
import { Sqlite } from '../../../src/database/sqlite-driver';
import { NameSectionsByTerm1764000001300 } from '../../../src/database/migrations/1764000001300-name-sections-by-term';
import { ENTITIES } from '../registration/support';
import { type Home, makeHome, TESTED_DATABASES } from './support';

type Row = Record<string, RowValue>;

const section = (termId: string, id: string): Row => ({
  ...{ id, term_id: termId, course_id: `${termId}:T:1`, department: 'T', number: '1', section: '', type: 'Lecture' },
  ...{ title: id, instructors: 'Edgar Payán', credits_hundredths: 100, prerequisites: '', notes: '', search_text: id },
  ...{ class_year_limits: null, capacity: 3, taken: 2, held: 1, overrides: 0, waiting: 1, waitlist_number: 7 },
  ...{ policy: '{"waitlist":"offer"}', version: 9, revision: 2 },
});

/** What a term had before its sections were named by it, in every table that names them. */
const rowsOf = (termId: string, id: string): Record<string, Row[]> => ({
  term: [{ id: termId, name: termId, content_hash: '', imported_at: 0, credit_limit_hundredths: 600, policy: null }],
  course: [{ id: `${termId}:T:1`, term_id: termId, department: 'T', number: '1' }],
  section: [section(termId, id)],
  meeting: [0, 1].map((position) => ({
    ...{ section_id: id, position, day: position + 1, start_minute: 540, end_minute: 600, location: 'RNS 208' },
  })),
  enrolment: ['ada', 'Ada'].map((studentId) => ({
    ...{ student_id: studentId, section_id: id, term_id: termId, enrolled_at: 1_763_000_000_123 },
    ...{ source: 'commit', admission_jti: null },
  })),
  waitlist_entry: [
    {
      ...{ section_id: id, number: 7, student_id: 'eve', term_id: termId, state: 'waiting', open: 1 },
      ...{ joined_at: 1_763_000_000_456, offer_expires_at: null, ended_at: null },
    },
  ],
  seat_hold: [
    {
      ...{ id: `hold-${termId}`, section_id: id, term_id: termId, reason: 'release', student_id: null },
      ...{ due_at: 1, claimed_until: 0 },
    },
  ],
});

const TERMS = [rowsOf('spring', '1'), rowsOf('autumn', '2')];
const TABLES = Object.keys(rowsOf('', ''));

/** A database as it was before, with the rows of both terms. */
async function makeBefore({ place }: Home): Promise<void> {
  const before = migrations.slice(0, migrations.indexOf(NameSectionsByTerm1764000001300));
  const source = new DataSource(
    'file' in place
      ? { type: 'better-sqlite3', driver: Sqlite, database: place.file, migrations: before }
      : { type: 'mysql', url: place.url.replace(/^mariadb:/, 'mysql:'), migrations: before },
  );
  await source.initialize();
  await source.runMigrations({ transaction: 'none' });
  for (const table of TABLES) {
    await bulkInsert(
      source.manager,
      table,
      TERMS.flatMap((rows) => rows[table] ?? []),
    );
  }
  await source.destroy();
}

describe.each(TESTED_DATABASES)('sections that were named by their id alone, on %s', (kind) => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    await makeBefore(home);
    database = await home.open(ENTITIES);
    await database.migrate();
  });

  afterAll(() => home.remove());

  const rowsIn = (table: string, key: string): Promise<Row[]> =>
    database.read((manager) => manager.query<Row[]>(`SELECT * FROM ${table} ORDER BY ${key}`));

  it.each([
    ['section', 'id'],
    ['meeting', 'section_id, position'],
    ['enrolment', 'section_id, student_id DESC'],
    ['waitlist_entry', 'section_id'],
    ['seat_hold', 'section_id'],
  ])('keep every row of %s', async (table, key) => {
    const found = await rowsIn(table, key);
    // What a section is found by is made anew.
    const expected = TERMS.flatMap((rows) =>
      (rows[table] ?? []).map(({ search_text: _, ...row }) => ({ ...row, term_id: termOf(rows) })),
    );
    const comparable = (row: Row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
    expect(found.map(comparable)).toMatchObject(expected.map(comparable));
  });

  it('are found by what newer versions look for', async () => {
    const found = await rowsIn('section', 'id');
    expect(found.map(({ search_text }) => search_text)).toEqual(['t 1 1 edgar payan t1 1', 't 1 2 edgar payan t1 2']);
  });

  it('may have the same id in another term', async () => {
    await database.write((manager) => bulkInsert(manager, 'section', [{ ...section('autumn', '1') }]));
    expect((await rowsIn('section', 'term_id, id')).map(({ term_id, id }) => [term_id, id])).toEqual([
      ['autumn', '1'],
      ['autumn', '2'],
      ['spring', '1'],
    ]);
  });

  it.each([
    [
      'a meeting',
      'meeting',
      { term_id: 'spring', section_id: '2', position: 0, day: 1, start_minute: 1, end_minute: 2, location: '' },
    ],
    [
      'an enrolment',
      'enrolment',
      { student_id: 'x', term_id: 'spring', section_id: '2', enrolled_at: 1, source: 'commit' },
    ],
    [
      'a second seat for a student',
      'enrolment',
      { student_id: 'ada', term_id: 'spring', section_id: '1', enrolled_at: 1, source: 'commit' },
    ],
    [
      'a second turn of a student',
      'waitlist_entry',
      { term_id: 'spring', section_id: '1', number: 8, student_id: 'eve', state: 'waiting', open: 1, joined_at: 1 },
    ],
  ])('take no %s that cannot be', async (_, table, row) => {
    await expect(database.write((manager) => bulkInsert(manager, table, [row]))).rejects.toThrow();
  });

  it('are moved once, however often the migration has to begin anew', async () => {
    if (kind === 'sqlite') return;
    const before = await Promise.all(TABLES.map((table) => rowsIn(table, '1, 2')));
    await database.write((manager) =>
      manager.query('DELETE FROM migrations WHERE name = ?', [NameSectionsByTerm1764000001300.name]),
    );
    await database.migrate();
    expect(await Promise.all(TABLES.map((table) => rowsIn(table, '1, 2')))).toEqual(before);
  });
});

const termOf = (rows: Record<string, Row[]>): RowValue => rows.term?.[0]?.id ?? null;
