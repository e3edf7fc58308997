import { type INestApplication } from '@nestjs/common';
import { parse } from 'csv-parse/sync';
import { bulkInsert } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { databaseUnavailable } from '../../../src/database/database-error';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { startRegistrationApp } from './app';
import { addStudents, ENTITIES, makeTerm, TERM } from './support';

/** More than are read at a time. */
const MANY = 2_345;

describe.each(TESTED_DATABASES)('the export of enrolments on %s', (kind) => {
  let home: Home;
  let database: Database;
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerm(database, [
      { id: 'first', capacity: MANY, credits: 1.5 },
      { id: 'second', capacity: MANY },
    ]);
    ({ app, origin } = await startRegistrationApp(database));
  });

  afterAll(async () => {
    await app.close();
    await home.remove();
  });

  const ask = (query = '', headers: Record<string, string> = { operator: 'olga' }, term = TERM): Promise<Response> =>
    fetch(`${origin}/api/operator/terms/${term}/enrolments.csv${query}`, { headers });

  const rows = (text: string) =>
    parse<Record<string, string>>(text, { columns: true, record_delimiter: '\r\n', bom: true });

  const enrol = (studentIds: string[], sectionId: string): Promise<void> =>
    database.write((manager) =>
      bulkInsert(
        manager,
        'enrolment',
        studentIds.map((student_id) => ({
          ...{ student_id, section_id: sectionId, term_id: TERM },
          ...{ enrolled_at: 1_763_000_000_123, source: 'commit', admission_jti: null },
        })),
      ),
    );

  it('is a header alone while nobody is enrolled', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="enrolments-${TERM}.csv"`);
    expect((await response.text()).trim().split(',').slice(0, 2)).toEqual(['student_id', 'student_name']);
  });

  it('holds every enrolment exactly once, however many pages it takes', async () => {
    const students = await addStudents(database, MANY, 'many');
    await enrol(students, 'first');
    await enrol(students.slice(0, 10), 'second');
    const found = rows(await (await ask()).text());
    expect(found).toHaveLength(MANY + 10);
    expect(new Set(found.map((row) => `${row.student_id} ${row.section_id}`)).size).toBe(MANY + 10);
    expect(found.find((row) => row.student_id === 'many7' && row.section_id === 'first')).toEqual({
      ...{ student_id: 'many7', student_name: 'many7', class_year: '', email: '' },
      ...{ section_id: 'first', department: 'T', number: 'first', section: '', type: 'Lecture', title: 'first' },
      ...{ credits: '1.5', source: 'commit', enrolled_at: '2025-11-13T02:13:20.123Z' },
    });
  });

  it('keeps quotes, commas, line breaks and Korean, and lets no text be a formula', async () => {
    const [one = '', two = ''] = await addStudents(database, 2, 'odd');
    await database.write(async (manager) => {
      await manager.update('student', { id: one }, { name: 'Kim, "연아"\nYuna', email: 'yuna@example.ac.kr' });
      await manager.update('student', { id: two }, { name: '=HYPERLINK("http://evil")', classYear: '+1' });
    });
    await enrol([one, two], 'first');
    const found = rows(await (await ask('?bom=true')).text());
    expect(found.find((row) => row.student_id === one)?.student_name).toBe('Kim, "연아"\nYuna');
    expect(found.find((row) => row.student_id === two)).toMatchObject({
      student_name: '\'=HYPERLINK("http://evil")',
      class_year: "'+1",
    });
  });

  it('begins with a byte order mark only when asked for', async () => {
    const firstBytes = async (query: string) => [...new Uint8Array(await (await ask(query)).arrayBuffer()).slice(0, 3)];
    expect(await firstBytes('?bom=true')).toEqual([0xef, 0xbb, 0xbf]);
    expect(await firstBytes('')).toEqual([...Buffer.from('stu')]);
    expect((await ask('?BOM=true')).status).toBe(400);
  });

  /** The database goes away after so many reads of the export; the first one looks for the term. */
  async function askOfDatabaseThatFailsAfter<T>(good: number, look: (answer: Response) => Promise<T>): Promise<T> {
    const read = database.read.bind(database);
    let reads = 0;
    const spy = jest.spyOn(database, 'read').mockImplementation((work, options) => {
      reads += 1;
      return reads > good ? Promise.reject(databaseUnavailable(new Error('gone'))) : read(work, options);
    });
    try {
      return await look(await ask());
    } finally {
      spy.mockRestore();
    }
  }

  it('is an error, and no file, when the database goes away before the first row', async () => {
    await askOfDatabaseThatFailsAfter(1, async (answer) => {
      expect([answer.status, answer.headers.get('content-disposition')]).toEqual([503, null]);
      expect(await answer.json()).toMatchObject({ error: { code: 'database_unavailable' } });
    });
  });

  it('never looks complete when the database goes away after the first rows', async () => {
    await askOfDatabaseThatFailsAfter(2, async (answer) => {
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow();
    });
  });

  it('keeps those whose names were forgotten', async () => {
    const [id = ''] = await addStudents(database, 1, 'forgotten');
    await enrol([id], 'second');
    await database.write((manager) => manager.delete('student', { id }));
    expect(rows(await (await ask()).text()).find((row) => row.student_id === id)).toMatchObject({ student_name: '' });
  });

  it('is for operators, and of a term that is there', async () => {
    expect((await ask('', {})).status).toBe(401);
    expect((await ask('', { operator: 'olga' }, 'nowhere')).status).toBe(404);
  });
});
