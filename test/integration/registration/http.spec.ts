import { type INestApplication } from '@nestjs/common';
import { DEMO_TERM, ensureDemoTerm } from '../../../src/registration/catalogue/import/demo-term';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { type Answer, askJson, startRegistrationApp } from './app';
import { addStudents, ENTITIES } from './support';

describe.each(TESTED_DATABASES)('registration over HTTP on %s', (kind) => {
  let home: Home;
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    home = await makeHome(kind);
    const database = await home.open(ENTITIES);
    await database.migrate();
    await ensureDemoTerm(database);
    await addStudents(database, 3);
    ({ app, origin } = await startRegistrationApp(database));
  });

  afterAll(async () => {
    await app.close();
    await home.remove();
  });

  const ask = (path: string, init: RequestInit = {}): Promise<Answer> => askJson(`${origin}/api/terms${path}`, init);

  const search = async (query: string) => {
    const { status, body } = await ask(`/${DEMO_TERM.id}/sections?${query}`);
    expect(status).toBe(200);
    return body as unknown as { sections: { id: string; code: string; left: number }[]; total: number };
  };

  const enrol = (student: string, sectionIds: string[], headers: Record<string, string> = {}): Promise<Answer> =>
    ask(`/${DEMO_TERM.id}/enrolments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', student, 'admission-token': `for ${student}`, ...headers },
      body: JSON.stringify({ sectionIds }),
    });

  it('lists terms and departments', async () => {
    expect((await ask('')).body).toEqual({ terms: [{ id: '20251', name: 'Fall 2025', creditLimit: 6, windows: [] }] });
    const { departments } = (await ask('/20251/departments')).body as { departments: string[] };
    expect(departments).toContain('AS/RE');
    expect(departments).toEqual([...departments].sort());
  });

  it('shows one section', async () => {
    expect((await ask('/20251/sections/0000162389')).body).toEqual({
      id: '0000162389',
      termId: '20251',
      courseId: '20251:MATH:252',
      code: 'MATH 252',
      section: 'B',
      type: 'Research',
      title: 'Abstract Algebra I',
      instructors: ['Rachael Norton'],
      credits: 1,
      capacity: 16,
      left: 16,
      waiting: 0,
      version: 1,
      closed: false,
      meetings: ['Mo', 'We', 'Fr'].map((day) => ({ day, start: '14:00', end: '14:55', location: 'RNS 208' })),
      prerequisites: 'MATH 220. Permission of instructor required for first-year students.',
      notes: 'Open to first-year students with permission of department director.',
    });
    expect(await ask('/20251/sections/nowhere')).toMatchObject({
      status: 404,
      body: { error: { code: 'section_not_found' } },
    });
  });

  it('takes an id with a space at its end for another one', async () => {
    expect(await ask('/20251/sections/0000162389%20')).toMatchObject({ body: { error: { code: 'invalid_input' } } });
  });

  it('searches for what stands behind a control character, too', async () => {
    expect(await search('query=%00nowhere')).toMatchObject({ total: 0 });
    expect(await search('query=%00algebra%07norton')).toMatchObject({ total: 1 });
  });

  it('finds by words in any case, department, day and seats left, and pages', async () => {
    expect(await search('pageSize=1')).toMatchObject({ total: 877 });
    expect((await search('query=ALGEBRA%20norton')).sections.map(({ id }) => id)).toEqual(['0000162389']);
    const math = await search('department=MATH&pageSize=100');
    expect(new Set(math.sections.map(({ code }) => code.split(' ')[0]))).toEqual(new Set(['MATH']));
    expect(math.total).toBe(math.sections.length);
    expect((await search('query=100%25')).total).toBe(0);
    expect((await search('openOnly=true')).total).toBe(877 - 90);
    const tuesdays = (await search('day=Tu')).total;
    expect(tuesdays).toBeGreaterThan(0);
    expect(tuesdays).toBeLessThan(877 - 152);
    const pages = await Promise.all([1, 2, 3].map((page) => search(`department=MATH&pageSize=10&page=${page}`)));
    const ids = pages.flatMap(({ sections }) => sections.map(({ id }) => id));
    expect(ids).toEqual(math.sections.slice(0, 30).map(({ id }) => id));
  });

  it.each(['page=0', 'pageSize=101', 'pagesize=10', 'day=Monday', 'openOnly=perhaps', `query=${'x'.repeat(101)}`])(
    'refuses the search %s',
    async (query) => {
      expect(await ask(`/20251/sections?${query}`)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_input' } },
      });
    },
  );

  it('enrols, shows what one has, and takes it back', async () => {
    const answer = await enrol('s0', ['0000162389', '0000162390'], { 'idempotency-key': 'first' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        results: [
          { sectionId: '0000162389', outcome: 'enrolled' },
          { sectionId: '0000162390', outcome: 'refused', error: { code: 'same_course', retryable: false } },
        ],
      },
    });
    expect(await enrol('s0', ['0000162389', '0000162390'], { 'idempotency-key': 'first' })).toEqual(answer);
    const mine = () => ask('/20251/enrolments', { headers: { student: 's0' } });
    expect((await mine()).body).toMatchObject({
      enrolments: [{ section: { id: '0000162389', left: 15, version: 2 } }],
    });
    const dropped = await ask('/20251/enrolments/0000162389', { method: 'DELETE', headers: { student: 's0' } });
    expect(dropped.body).toEqual({ results: [{ sectionId: '0000162389', outcome: 'dropped' }] });
    expect((await mine()).body).toEqual({ enrolments: [] });
  });

  it('grants nothing without sign-in, admission or idempotency key', async () => {
    const key = { 'idempotency-key': 'key' };
    expect((await enrol('', ['0000162389'], key)).status).toBe(401);
    expect(await enrol('s1', ['0000162389'], { ...key, 'admission-token': '' })).toMatchObject({
      status: 403,
      body: { error: { code: 'admission_required' } },
    });
    expect(await enrol('s1', ['0000162389'], { ...key, 'admission-token': 'for s2' })).toMatchObject({
      status: 403,
      body: { error: { code: 'admission_invalid' } },
    });
    expect(await enrol('s1', ['0000162389'])).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('Idempotency-Key') as string } },
    });
    expect((await enrol('s1', [], key)).status).toBe(400);
    expect((await enrol('s1', Array<string>(21).fill('1'), key)).status).toBe(400);
    expect((await ask('/20251/enrolments', { headers: { student: 's1' } })).body).toEqual({ enrolments: [] });
  });
});
