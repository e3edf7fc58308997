import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { Database } from '../../../src/database/database';
import { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { startRegistrationApp } from './app';
import { addSections, addStudents, ENTITIES, makeTerm } from './support';

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

describe.each(TESTED_DATABASES)('swaps, waitlists and operators over HTTP on %s', (kind) => {
  let home: Home;
  let database: Database;
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerm(database, [], 4);
    ({ app, origin } = await startRegistrationApp(database));
  });

  afterAll(async () => {
    await app.close();
    await home.remove();
  });

  let keys = 0;

  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const response = await fetch(`${origin}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': `key ${(keys += 1)}`, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const inside = (student: string) => ({ student, 'admission-token': `for ${student}` });
  const enrol = (student: string, ...sectionIds: string[]) =>
    ask('POST', '/terms/term/enrolments', inside(student), { sectionIds });
  const operate = (method: string, path: string, body?: unknown) =>
    ask(method, `/operator/terms/term${path}`, { operator: 'kim' }, body);
  const codeOf = ({ body }: Answer): unknown => (body.error as { code?: string } | undefined)?.code;
  const atRest = (): Promise<void> => app.get(SeatLedger).idle();

  it('swap one seat for another, inside only', async () => {
    await addSections(database, [
      { id: 'a1', capacity: 1 },
      { id: 'a2', capacity: 1 },
    ]);
    await enrol('s0', 'a1');
    const body = { dropSectionId: 'a1', takeSectionId: 'a2' };
    expect(codeOf(await ask('POST', '/terms/term/enrolments/swap', { student: 's0' }, body))).toBe(
      'admission_required',
    );
    const same = { dropSectionId: 'a1', takeSectionId: 'a1' };
    expect((await ask('POST', '/terms/term/enrolments/swap', inside('s0'), same)).status).toBe(400);
    expect(await ask('POST', '/terms/term/enrolments/swap', inside('s0'), body)).toEqual({
      status: 200,
      body: {
        results: [
          { sectionId: 'a1', outcome: 'dropped' },
          { sectionId: 'a2', outcome: 'enrolled' },
        ],
      },
    });
  });

  it('join, see, accept and leave a waitlist; only joining needs an admission', async () => {
    await addSections(database, [{ id: 'b', capacity: 1 }]);
    await operate('PATCH', '/sections/b', { waitlist: 'offer' });
    await enrol('s0', 'b');
    expect(codeOf(await ask('POST', '/terms/term/waitlists/b', { student: 's1' }))).toBe('admission_required');
    expect((await ask('POST', '/terms/term/waitlists/b', inside('s1'))).body).toEqual({
      results: [{ sectionId: 'b', outcome: 'waitlisted', position: 1 }],
    });
    await ask('POST', '/terms/term/waitlists/b', inside('s2'));
    const mine = async (student: string) =>
      ((await ask('GET', '/terms/term/waitlists', { student })).body.waitlists as Record<string, unknown>[])[0];
    expect(await mine('s2')).toMatchObject({
      section: { id: 'b' },
      state: 'waiting',
      position: 2,
      offerExpiresAt: null,
      mode: 'offer',
    });
    await ask('DELETE', '/terms/term/enrolments/b', { student: 's0' });
    await atRest();
    const offered = await mine('s1');
    expect(offered).toMatchObject({ state: 'offered', position: 0 });
    expect(Number(offered?.offerExpiresAt) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(await mine('s2')).toMatchObject({ state: 'waiting', position: 1 });
    expect((await ask('POST', '/terms/term/waitlists/b/accept', { student: 's1' })).body).toEqual({
      results: [{ sectionId: 'b', outcome: 'enrolled' }],
    });
    expect((await ask('DELETE', '/terms/term/waitlists/b', { student: 's2' })).body).toEqual({
      results: [{ sectionId: 'b', outcome: 'left' }],
    });
    expect(await mine('s2')).toBeUndefined();
  });

  it('let an operator set policies for the term and for a section, by name and with a reason', async () => {
    await addSections(database, [{ id: 'c', capacity: 5 }]);
    const release = { when: 'after_delay' };
    const term = await operate('PATCH', '/policy', {
      ...{ release, waitlist: 'offer', offerSeconds: 3_600, note: 'term rules' },
      dropBlocked: [{ from: '22:00', to: '02:00' }],
      windows: { senior: { from: '2026-02-16T09:00:00+09:00' } },
    });
    const expected = {
      release: { when: 'after_delay', minSeconds: 180, maxSeconds: 300 },
      ...{ waitlist: 'offer', offerSeconds: 3_600 },
      dropBlocked: [{ fromMinute: 1_320, toMinute: 120 }],
    };
    const windows = { senior: { from: Date.parse('2026-02-16T00:00:00Z') } };
    const warnings = [expect.stringContaining('at any time') as string];
    expect(term).toEqual({ status: 200, body: { ...expected, windows, creditLimit: 6, warnings } });
    const hours = { when: 'at_hours', hours: [9, 13, 17, 21] };
    const section = await operate('PATCH', '/sections/c', { release: hours, note: 'popular' });
    expect(section.body).toMatchObject({
      policy: { release: hours },
      effectivePolicy: { ...expected, release: hours },
      acts: [{ act: 'section', operator: 'kim', note: 'popular' }],
    });
    const back = await operate('PATCH', '/sections/c', { release: null });
    expect(back.body).toMatchObject({ policy: {}, effectivePolicy: expected });
    await operate('PATCH', '/policy', {
      ...{ release: null, waitlist: null, offerSeconds: null, dropBlocked: null, windows: null },
    });
    expect((await operate('GET', '/policy')).body).toEqual({ creditLimit: 6 });
  });

  it('tell when each class year may enrol, and a student when their own may', async () => {
    const [junior = ''] = await addStudents(database, 1, 'junior', '3rd year');
    const [senior = ''] = await addStudents(database, 1, 'senior', 'Senior');
    const windowOf = async (student: string) => (await ask('GET', '/terms/term/window', { student })).body;
    const windows = async () => ((await ask('GET', '/terms', {})).body.terms as { windows: unknown }[])[0]?.windows;
    expect(await windows()).toEqual([]);
    expect(await windowOf(senior)).toEqual({ classYear: 'senior', opensAt: null, closesAt: null });
    const [from, until] = ['2026-02-16T09:00:00+09:00', '2026-02-17T09:00:00+09:00'];
    await operate('PATCH', '/policy', { windows: { other: { until }, senior: { from, until } } });
    const [opensAt, closesAt] = [Date.parse(from), Date.parse(until)];
    expect(await windows()).toEqual([
      { classYear: 'senior', opensAt, closesAt },
      { classYear: 'other', opensAt: null, closesAt },
    ]);
    expect(await windowOf(senior)).toEqual({ classYear: 'senior', opensAt, closesAt });
    expect(await windowOf(junior)).toEqual({ classYear: 'junior', opensAt: null, closesAt });
    expect(await windowOf('s0')).toEqual({ classYear: null, opensAt: null, closesAt });
    await operate('PATCH', '/policy', { windows: null });
    expect(await windowOf(senior)).toMatchObject({ opensAt: null, closesAt: null });
    expect(codeOf(await ask('GET', '/terms/nowhere/window', { student: senior }))).toBe('not_found');
    expect(codeOf(await ask('GET', '/terms/term/window', {}))).toBe('not_signed_in');
  });

  it.each([
    [{ release: { when: 'never' } }],
    [{ release: { when: 'at_hours', hours: [24] } }],
    [{ release: { when: 'at_hours', hours: [] } }],
    [{ release: { when: 'after_delay', minSeconds: 300, maxSeconds: 60 } }],
    [{ dropBlocked: [{ from: '9', to: '10:00' }] }],
    [{ dropBlocked: [{ from: '09:00', to: '09:00' }] }],
    [{ dropBlocked: [{ from: '24:00', to: '00:00' }] }],
    [{ dropUntil: '2026-02-16 09:00' }],
    [{ creditLimit: 18.005 }],
    [{ creditLimit: -1 }],
    [{ creditLimits: { other: 18 } }],
    [{ waitlist: 'auction' }],
    [{ offerSeconds: 1 }],
    [{ capacity: -1 }],
    [{ capacity: 1.5 }],
    [{ surprise: true }],
  ])('refuse the change %j', async (change) => {
    expect(await operate('PATCH', '/sections/c', change)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_input' } },
    });
  });

  it('refuse a window that ends before it begins', async () => {
    const window = { from: '2026-02-16T09:00:00+09:00', until: '2026-02-16T00:00:00Z' };
    expect(await operate('PATCH', '/policy', { windows: { senior: window } })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_input' } },
    });
    expect((await operate('GET', '/policy')).body).not.toHaveProperty('windows');
  });

  it('let an operator change a capacity, and put a student in beyond it', async () => {
    await addSections(database, [{ id: 'd', capacity: 2 }]);
    await enrol('s0', 'd');
    await enrol('s1', 'd');
    const below = await operate('PATCH', '/sections/d', { capacity: 1 });
    expect(below).toMatchObject({
      status: 409,
      body: { error: { code: 'capacity_below_taken', details: { lowest: 2 } } },
    });
    const forced = await operate('PATCH', '/sections/d', { capacity: 1, force: true, note: 'smaller room' });
    expect(forced.body).toMatchObject({ capacity: 1, taken: 2, overrides: 1, left: 0 });
    const given = await operate('POST', '/sections/d/enrolments', { studentId: 's2', note: 'accommodation' });
    expect(given.body).toMatchObject({ capacity: 1, taken: 3, overrides: 2 });
    expect((given.body.acts as unknown[])[0]).toMatchObject({
      ...{ act: 'override', operator: 'kim', note: 'accommodation', studentId: 's2' },
      details: { beyondCapacity: true },
    });
    expect(codeOf(await operate('POST', '/sections/d/enrolments', { studentId: 's2', note: 'again' }))).toBe(
      'already_enrolled',
    );
    expect((await operate('POST', '/sections/d/enrolments', { studentId: 's3' })).status).toBe(400);
    expect(codeOf(await operate('POST', '/sections/d/enrolments', { studentId: 'x', note: 'who' }))).toBe(
      'not_on_roster',
    );
    expect((await operate('PATCH', '/sections/nowhere', { capacity: 1 })).status).toBe(404);
    expect((await ask('PATCH', '/operator/terms/term/sections/d', {}, { capacity: 9 })).status).toBe(401);
  });

  it('let an operator seat a student of the roster who has never signed in, and take the seat away with a reason', async () => {
    const files = temporaryDirectory('roster');
    const roster = join(files.path, 'roster.csv');
    writeFileSync(roster, 'student_id,name,class_year,email\nnew.student,Kim Ha-neul,2,haneul@example.ac.kr\n');
    const strict = await startRegistrationApp(database, roster);
    const before = origin;
    origin = strict.origin;
    try {
      await addSections(database, [{ id: 'e', capacity: 1 }]);
      const given = await operate('POST', '/sections/e/enrolments', { studentId: 'new.student', note: 'by letter' });
      expect(given).toMatchObject({ status: 200, body: { taken: 1 } });
      const [student] = await database.read((manager) =>
        manager.query<object[]>("SELECT name, class_year, email, language FROM student WHERE id = 'new.student'"),
      );
      expect({ ...student }).toEqual({
        ...{ name: 'Kim Ha-neul', class_year: '2', email: 'haneul@example.ac.kr', language: 'en' },
      });
      expect((await operate('DELETE', '/sections/e/enrolments/new.student')).status).toBe(400);
      const taken = await operate('DELETE', '/sections/e/enrolments/new.student', { note: 'withdrew' });
      expect(taken).toMatchObject({ status: 200, body: { taken: 0, left: 1 } });
      expect((taken.body.acts as unknown[])[0]).toMatchObject({
        ...{ act: 'unenrol', operator: 'kim', note: 'withdrew', studentId: 'new.student' },
      });
      const again = await operate('DELETE', '/sections/e/enrolments/new.student', { note: 'again' });
      expect(codeOf(again)).toBe('not_enrolled');
    } finally {
      origin = before;
      await strict.app.close();
      files.remove();
    }
  });

  it('let an operator limit credits for the term, a class year and a student, and exceed it by saying so', async () => {
    await addSections(
      database,
      ['f1', 'f2', 'f3'].map((id) => ({ id, capacity: 9, credits: 9.25 })),
    );
    const [other = ''] = await addStudents(database, 1, 'f-other');
    const [senior = ''] = await addStudents(database, 1, 'f-senior', 'Senior');
    const outcomes = async (student: string, ...ids: string[]) =>
      ((await enrol(student, ...ids)).body.results as { outcome: string; error?: { code: string } }[]).map(
        ({ outcome, error }) => error?.code ?? outcome,
      );
    expect(await outcomes(other, 'f1')).toEqual(['credit_limit']);
    const policy = await operate('PATCH', '/policy', { creditLimit: 9.25, creditLimits: { senior: 18.5 } });
    expect(policy.body).toMatchObject({ creditLimit: 9.25, creditLimits: { senior: 18.5 } });
    expect(await outcomes(other, 'f1', 'f2')).toEqual(['enrolled', 'credit_limit']);
    expect(await outcomes(senior, 'f1', 'f2', 'f3')).toEqual(['enrolled', 'enrolled', 'credit_limit']);

    const own = `/credit-limits/${other}`;
    expect((await operate('PUT', own, { creditLimit: 18.5, note: 'honours' })).status).toBe(200);
    expect((await operate('GET', '/credit-limits')).body).toMatchObject({
      students: [{ studentId: other, creditLimit: 18.5, operator: 'kim', note: 'honours' }],
    });
    expect(await outcomes(other, 'f2', 'f3')).toEqual(['enrolled', 'credit_limit']);
    const cart = await ask('PUT', '/terms/term/cart', { student: other }, { version: 0, sectionIds: ['f3'] });
    expect(cart.body).toMatchObject({
      creditLimit: 18.5,
      obstacles: [{ code: 'credit_limit', details: { limit: 18.5 } }],
    });
    await operate('DELETE', own, { note: 'withdrawn' });
    const limitOf = async (student: string) => (await ask('GET', '/terms/term/cart', { student })).body.creditLimit;
    expect([await limitOf(other), await limitOf(senior)]).toEqual([9.25, 18.5]);
    expect((await operate('GET', '/credit-limits')).body).toEqual({ students: [] });

    const seat = { studentId: other, note: 'by the dean' };
    expect(codeOf(await operate('POST', '/sections/f3/enrolments', seat))).toBe('credit_limit');
    const given = await operate('POST', '/sections/f3/enrolments', { ...seat, exceedCreditLimit: true });
    expect(given).toMatchObject({ status: 200, body: { acts: [{ details: { exceedCreditLimit: true } }] } });
    await operate('PATCH', '/policy', { creditLimit: null, creditLimits: null });
    expect((await operate('GET', '/policy')).body).toEqual({ creditLimit: 6 });
  });

  it('say with each class until when it can be given back, where there is an end', async () => {
    const ids = ['g1', 'g2'];
    await addSections(
      database,
      ids.map((id) => ({ id, capacity: 1 })),
    );
    const [student = ''] = await addStudents(database, 1, 'g');
    await enrol(student, ...ids);
    const ends = async () => {
      const { enrolments } = (await ask('GET', '/terms/term/enrolments', { student })).body as {
        enrolments: { dropUntil?: number }[];
      };
      return enrolments.map(({ dropUntil }) => dropUntil);
    };
    expect(await ends()).toEqual([undefined, undefined]);
    const [ofTerm, ofClass] = ['2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    await operate('PATCH', '/policy', { dropUntil: ofTerm });
    await operate('PATCH', '/sections/g2', { dropUntil: ofClass });
    expect(await ends()).toEqual([Date.parse(ofTerm), Date.parse(ofClass)]);
    await operate('PATCH', '/policy', { dropUntil: null });
  });

  it('let an operator bring the credit limits of many students in, all or none', async () => {
    const bring = async (csv: string): Promise<Answer> => {
      const response = await fetch(`${origin}/api/operator/terms/term/credit-limits/import`, {
        ...{ method: 'POST', headers: { operator: 'kim', 'content-type': 'text/csv' }, body: csv },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const limits = async () =>
      ((await operate('GET', '/credit-limits')).body.students as { studentId: string; creditLimit: number }[]).map(
        ({ studentId, creditLimit }) => `${studentId} ${creditLimit}`,
      );
    expect(await bring('student_id,credit_limit\ng1,21\ng2,19.5\n')).toMatchObject({ status: 200, body: { set: 2 } });
    expect(codeOf(await bring('student_id,credit_limit\ng1,18\ng3,lots\n'))).toBe('invalid_input');
    expect(await limits()).toEqual(['g1 21', 'g2 19.5']);
    expect((await bring('student_id,credit_limit\ng2,.5\n')).body).toEqual({ set: 1 });
    expect(await limits()).toEqual(['g1 21', 'g2 0.5']);
  });
});
