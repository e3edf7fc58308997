import type { INestApplication } from '@nestjs/common';
import { parse } from 'csv-parse/sync';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bulkInsert, type RowValue } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { startRegistrationApp } from './app';
import {
  addSections,
  addStudents,
  commit,
  drop,
  ENTITIES,
  join as joinWaitlist,
  leave,
  makeTerm,
  TERM,
} from './support';

/** More than are read at a time. */
const MANY = 2_345;

const REPOSITORY = join(__dirname, '..', '..', '..');

describe.each(TESTED_DATABASES)('the export of waitlists on %s', (kind) => {
  let home: Home;
  let database: Database;
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerm(database, []);
    ({ app, origin } = await startRegistrationApp(database));
  });

  afterAll(async () => {
    await app.close();
    await home.remove();
  });

  const ask = (query = '', headers: Record<string, string> = { operator: 'olga' }, term = TERM): Promise<Response> =>
    fetch(`${origin}/api/operator/terms/${term}/waitlists.csv${query}`, { headers });

  const rows = (text: string) =>
    parse<Record<string, string>>(text, { columns: true, record_delimiter: '\r\n', bom: true });

  const of = (sectionId: string, found: Record<string, string>[]) =>
    found
      .filter((row) => row.section_id === sectionId)
      .map(({ position, state, student_id: id }) => [position, state, id]);

  const addEntries = (entries: Record<string, RowValue>[]): Promise<void> =>
    database.write((manager) => bulkInsert(manager, 'waitlist_entry', entries));

  it('is a header alone while nobody waits', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="waitlists-${TERM}.csv"`);
    expect(rows(await response.text())).toEqual([]);
  });

  it('tells in which order students wait, and what became of those who do not any more', async () => {
    await addSections(database, [{ id: 'full', capacity: 1 }]);
    await addStudents(database, 5, 'w');
    const ledger = app.get(SeatLedger);
    await ledger.submit(commit('w0', ['full']));
    for (const student of ['w1', 'w2', 'w3', 'w4']) await ledger.submit(joinWaitlist(student, ['full']));
    await ledger.submit(leave('w2', ['full']));
    await ledger.submit(drop('w0', ['full']));
    await ledger.idle();
    const found = rows(await (await ask()).text());
    expect(of('full', found)).toEqual([
      ['', 'enrolled', 'w1'],
      ['', 'left', 'w2'],
      ['1', 'waiting', 'w3'],
      ['2', 'waiting', 'w4'],
    ]);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(found.at(-1)).toEqual({
      ...{ section_id: 'full', department: 'T', number: 'full', section: '', type: 'Lecture', title: 'full' },
      ...{ position: '2', state: 'waiting', student_id: 'w4', student_name: 'w4', class_year: '', email: '' },
      ...{ joined_at: time, offer_expires_at: '', ended_at: '' },
    });
    expect(found.find(({ student_id: id }) => id === 'w2')?.ended_at).toEqual(time);
  });

  it('says until when an offer stands', async () => {
    await addSections(database, [{ id: 'offered', capacity: 1 }]);
    const times = { joined_at: 1_763_000_000_123, offer_expires_at: 1_763_000_060_123, ended_at: null };
    await addEntries([
      { section_id: 'offered', number: 1, student_id: 'w0', term_id: TERM, state: 'offered', open: 1, ...times },
    ]);
    expect(rows(await (await ask()).text()).find((row) => row.section_id === 'offered')).toMatchObject({
      ...{ position: '', state: 'offered', joined_at: '2025-11-13T02:13:20.123Z' },
      ...{ offer_expires_at: '2025-11-13T02:14:20.123Z', ended_at: '' },
    });
  });

  it('counts positions section by section, however many pages it takes', async () => {
    await addSections(database, [
      { id: 'p1', capacity: 1 },
      { id: 'p2', capacity: 1 },
    ]);
    const entry = (section: string, number: number) => ({
      ...{ section_id: section, number, student_id: `p${number}`, term_id: TERM, state: 'waiting', open: 1 },
      ...{ joined_at: number, offer_expires_at: null, ended_at: null },
    });
    const numbers = Array.from({ length: MANY }, (_, index) => index + 1);
    await addEntries(numbers.map((number) => entry('p1', number)));
    await addEntries([1, 2, 3].map((number) => entry('p2', number)));
    const found = rows(await (await ask()).text());
    expect(of('p1', found)).toEqual(numbers.map((number) => [String(number), 'waiting', `p${number}`]));
    expect(of('p2', found).map(([position]) => position)).toEqual(['1', '2', '3']);
  });

  it('is for operators, and of a term that is there', async () => {
    expect((await ask('', {})).status).toBe(401);
    expect((await ask('', { operator: 'olga' }, 'nowhere')).status).toBe(404);
  });

  it('is the same on the command line', async () => {
    const place = 'url' in home.place ? ['--database', home.place.url] : ['--data-dir', join(home.place.file, '..')];
    const cli = ['--require', '@swc-node/register', 'src/operate/term-cli.ts'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...cli, 'export', '--term', TERM, '--waitlists', ...place],
      { cwd: REPOSITORY, maxBuffer: 10_000_000, env: { ...process.env, DATABASE_URL: '' } },
    );
    expect(stdout).toBe(await (await ask()).text());
  });
});
