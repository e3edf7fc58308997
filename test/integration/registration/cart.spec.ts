import { type INestApplication } from '@nestjs/common';
import type { Database } from '../../../src/database/database';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { type Answer, askJson, startRegistrationApp } from './app';
import { ENTITIES, makeTerm, TERM } from './support';

const SECTIONS = [
  { id: 'morning', capacity: 5, meetings: [[1, 540, 600]] as [number, number, number][] },
  { id: 'overlap', capacity: 5, meetings: [[1, 570, 630]] as [number, number, number][] },
  { id: 'twin-a', capacity: 5, course: 'twins' },
  { id: 'twin-b', capacity: 5, course: 'twins' },
  { id: 'closed', capacity: 0 },
  { id: 'heavy', capacity: 5, credits: 5 },
  { id: 'seniors', capacity: 5, classYearLimits: { senior: 5, junior: 0 } },
];

describe.each(TESTED_DATABASES)('the cart on %s', (kind) => {
  let home: Home;
  let database: Database;
  let app: INestApplication;
  let origin: string;
  let student: string;
  let count = 0;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerm(database, SECTIONS, 100);
    ({ app, origin } = await startRegistrationApp(database));
  });

  beforeEach(() => {
    student = `s${count++}`;
  });

  afterAll(async () => {
    await app.close();
    await home.remove();
  });

  const call = (method: string, body?: unknown, term = TERM): Promise<Answer> =>
    askJson(`${origin}/api/terms/${term}/cart`, {
      method,
      headers: { student, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  const put = (sectionIds: string[], version: number): Promise<Answer> => call('PUT', { sectionIds, version });

  it('is empty at first, and then what any device of the student put in, in that order', async () => {
    expect(await call('GET')).toMatchObject({ status: 200, body: { version: 0, sectionIds: [], obstacles: [] } });
    const sectionIds = ['twin-a', 'morning'];
    const answer = await put(sectionIds, 0);
    expect(answer).toMatchObject({ status: 200, body: { termId: TERM, version: 1, sectionIds, obstacles: [] } });
    const { sections } = answer.body as { sections: { id: string; left: number }[] };
    expect(sections.map(({ id, left }) => [id, left])).toEqual([
      ['twin-a', 5],
      ['morning', 5],
    ]);
    expect(await call('GET')).toEqual(answer);
    expect((await put([], 1)).body).toMatchObject({ version: 2, sectionIds: [] });
  });

  it('is nobody else’s, and another one in another term', async () => {
    await put(['morning'], 0);
    student = `s${count++}`;
    expect((await call('GET')).body).toMatchObject({ version: 0, sectionIds: [] });
    expect((await call('GET', undefined, 'elsewhere')).body).toMatchObject({ version: 0, sectionIds: [] });
  });

  it('is never overwritten by a device that has not seen the newest one, which is told to it', async () => {
    await put(['morning'], 0);
    const both = await Promise.all([put(['morning', 'twin-a'], 1), put(['morning', 'twin-b'], 1)]);
    const [lost, ...others] = both.filter(({ status }) => status === 409);
    const [won] = both.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    const { version, sectionIds } = won?.body ?? {};
    expect(version).toBe(2);
    expect(lost?.body).toMatchObject({ error: { code: 'conflict', details: { cart: { version, sectionIds } } } });
    expect(await put(['overlap'], 0)).toMatchObject({ status: 409 });
    expect((await call('GET')).body).toMatchObject({ version, sectionIds });
  });

  it('answers a change that is sent again, because its answer was lost, as before', async () => {
    const first = await put(['morning'], 0);
    expect(await put(['morning'], 0)).toEqual(first);
    const second = await put(['twin-a'], 1);
    expect(await put(['twin-a'], 1)).toEqual(second);
    expect(second.body).toMatchObject({ version: 2 });
  });

  it('tells in advance what stands in the way of what, in order of preference', async () => {
    const { body } = await put(['overlap', 'morning', 'twin-b', 'twin-a', 'closed', 'heavy'], 0);
    expect(body.obstacles).toMatchObject([
      { sectionId: 'morning', code: 'time_conflict', details: { sectionId: 'overlap', start: '09:30', end: '10:00' } },
      { sectionId: 'twin-a', code: 'same_course', details: { sectionId: 'twin-b' } },
      { sectionId: 'closed', code: 'section_closed' },
      { sectionId: 'heavy', code: 'credit_limit', details: { limit: 6, enrolled: 2, credits: 5 } },
    ]);
  });

  it('counts what the student is enrolled in, and not whether seats are left', async () => {
    await database.write(async (manager) => {
      const row = { studentId: student, termId: TERM, enrolledAt: 0, source: 'commit', admissionJti: null };
      await manager.insert('enrolment', { ...row, sectionId: 'overlap' });
      await manager.update('section', { id: 'twin-a' }, { taken: 5 });
    });
    const { body } = await put(['morning', 'twin-a', 'overlap'], 0);
    expect(body.obstacles).toMatchObject([
      { sectionId: 'morning', code: 'time_conflict' },
      { sectionId: 'overlap', code: 'already_enrolled' },
    ]);
  });

  it('says which sections are never open to the class year, if the term minds it', async () => {
    await database.write((manager) => manager.update('student', { id: student }, { classYear: 'junior' }));
    expect((await put(['seniors'], 0)).body.obstacles).toEqual([]);
    const policy = JSON.stringify({ classYearLimits: true });
    await database.write((manager) => manager.update('term', { id: TERM }, { policy }));
    expect((await call('GET')).body.obstacles).toMatchObject([{ sectionId: 'seniors', code: 'class_year_refused' }]);
  });

  it.each<[string, unknown, number, string]>([
    ['a section of nowhere', { sectionIds: ['morning', 'nowhere'], version: 0 }, 404, 'section_not_found'],
    ['a section twice', { sectionIds: ['morning', 'morning'], version: 0 }, 400, 'invalid_input'],
    ['21 sections', { sectionIds: Array.from({ length: 21 }, (_, n) => `x${n}`), version: 0 }, 400, 'invalid_input'],
    ['no version', { sectionIds: [] }, 400, 'invalid_input'],
  ])('takes no %s', async (_, body, status, code) => {
    expect(await call('PUT', body)).toMatchObject({ status, body: { error: { code } } });
    expect((await call('GET')).body).toMatchObject({ version: 0 });
  });

  it('is of a term that is there', async () => {
    expect(await call('PUT', { sectionIds: [], version: 0 }, 'nowhere')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect((await call('GET', undefined, 'nowhere')).body).toMatchObject({ version: 0 });
  });

  it('is for signed-in students', async () => {
    student = '';
    expect(await call('GET')).toMatchObject({ status: 401 });
    expect(await put([], 0)).toMatchObject({ status: 401 });
  });
});
