import type { INestApplication } from '@nestjs/common';
import type { Database } from '../../../src/database/database';
import { EnrolmentEvents } from '../../../src/registration/ports';
import { DEMO_TERM, demoCatalogue, ensureDemoTerm } from '../../../src/registration/catalogue/import/demo-term';
import { EnrolmentEntity } from '../../../src/registration/entities/enrolment.entity';
import { SectionEntity } from '../../../src/registration/entities/section.entity';
import { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import type { SeatRequest } from '../../../src/registration/seats/seat-request';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { waitFor } from '../../../load/support/wait-for';
import type { EnrolmentsChanged } from '../../../src/registration/seats/seat-news';
import { type Answer, askJson, startRegistrationApp } from './app';
import { addStudents, commit, ENTITIES, inShort, seatsOf } from './support';

/** Whatever fetch can send. */
type Body = NonNullable<RequestInit['body']>;

const ID = '0000162389';
const OTHER_ID = '0000162390';

/** Waits for a seat in the section. */
const wait = (studentId: string): SeatRequest => ({
  ...commit(studentId, [ID], { termId: DEMO_TERM.id }),
  kind: 'waitlist_join',
});

/** The real file with another capacity of one section, 16 as published. */
const withCapacity = async (capacity: number): Promise<string> =>
  (await demoCatalogue()).replace('"Rachael Norton","","S","200","16"', `"Rachael Norton","","S","200","${capacity}"`);

describe.each(TESTED_DATABASES)('the import of a term over HTTP on %s', (kind) => {
  let home: Home;
  let database: Database;
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await database.migrate();
    await ensureDemoTerm(database);
    ({ app, origin } = await startRegistrationApp(database));
  });

  afterAll(async () => {
    await app.get(SeatLedger).close();
    await app.close();
    await home.remove();
  });

  const send = (body: Body, query = '', headers: Record<string, string> = {}): Promise<Answer> =>
    askJson(`${origin}/api/operator/terms/${DEMO_TERM.id}/import${query}`, {
      method: 'POST',
      headers: { operator: 'olga', 'content-type': 'text/csv', ...headers },
      body,
    });

  it('answers a dry run with the differences, field by field, and changes nothing', async () => {
    const answer = await send(await withCapacity(17), '?dryRun=true');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        outcome: 'dry_run',
        counts: { added: 0, changed: 1, missing: 0 },
        changed: [{ id: ID, name: 'MATH 252 B', changes: [{ field: 'capacity', before: 16, after: 17 }] }],
      },
    });
    expect((await send(await withCapacity(17), '?dryRun=true')).body).toEqual(answer.body);
  });

  it('sets the credit limit of the term when it is told one, and keeps it otherwise', async () => {
    const limit = async (): Promise<unknown> => {
      const { body } = await askJson(`${origin}/api/terms`, {});
      return (body as { terms: { creditLimit: number }[] }).terms[0]?.creditLimit;
    };
    expect((await send(await demoCatalogue(), '?creditLimit=18.005')).status).toBe(400);
    expect(await limit()).toBe(6);
    await send(await demoCatalogue(), '?creditLimit=18.5');
    expect(await limit()).toBe(18.5);
    await send(await demoCatalogue());
    expect(await limit()).toBe(18.5);
    await send(await demoCatalogue(), '?creditLimit=6');
  });

  it('loses no seat and grants none twice while students enrol, and tells who watches of the new capacity', async () => {
    const news: EnrolmentsChanged[] = [];
    app.get(EnrolmentEvents).subscribe((event) => void news.push(event));
    const ledger = app.get(SeatLedger);
    const students = await addStudents(database, 60, `${kind}-`);
    const requests = students.map((id) => ledger.submit(commit(id, [ID], { termId: DEMO_TERM.id })).then(inShort));
    const imports = [20, 24, 18].map(async (capacity) => send(await withCapacity(capacity)));
    const answers = await Promise.all(imports);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const outcomes = (await Promise.all(requests)).flat();
    const enrolled = outcomes.filter((outcome) => outcome === 'enrolled').length;
    const { taken, enrolled: rows } = await seatsOf(database, ID);
    expect([taken, rows]).toEqual([enrolled, enrolled]);
    expect(enrolled).toBeGreaterThanOrEqual(16);
    expect(enrolled).toBeLessThanOrEqual(24);
    expect(outcomes.filter((outcome) => outcome === 'section_full')).toHaveLength(60 - enrolled);
    const told = news.filter(({ changes }) => changes.length === 0).flatMap(({ sections }) => sections);
    expect(told.map(({ id }) => id)).toEqual(told.map(() => ID));
    expect(told.length).toBeGreaterThan(0);
  });

  it('gives new seats to those who wait, and to nobody else', async () => {
    const ledger = app.get(SeatLedger);
    const [late = '', ...waiting] = await addStudents(database, 4, `${kind}-waiting-`);
    await database.write((manager) => manager.query('UPDATE section SET capacity = taken WHERE id = ?', [ID]));
    const { taken } = await seatsOf(database, ID);
    for (const studentId of waiting) {
      const joined = await ledger.submit(wait(studentId));
      expect(inShort(joined)).toEqual(['waitlisted']);
    }
    const [answer, outcome] = await Promise.all([
      send(await withCapacity(taken + 2)),
      ledger.submit(commit(late, [ID], { termId: DEMO_TERM.id })),
    ]);
    expect(answer.status).toBe(200);
    expect(inShort(outcome)).toEqual(['section_full']);
    expect(inShort(await ledger.submit(commit(late, [ID], { termId: DEMO_TERM.id })))).toEqual(['section_full']);
    await waitFor(async () => (await seatsOf(database, ID)).enrolled === taken + 2, { what: 'the promotions' });
    const enrolled = await database.read((manager) => manager.findBy(EnrolmentEntity, { sectionId: ID }));
    const ids = new Set(enrolled.map(({ studentId }) => studentId));
    expect([...waiting, late].map((id) => ids.has(id))).toEqual([true, true, false, false]);
  });

  it('takes seats beyond the capacity for what they are when it raises the capacity', async () => {
    const { taken } = await seatsOf(database, OTHER_ID);
    expect(taken).toBe(0);
    await database.write((manager) =>
      manager.query('UPDATE section SET capacity = 2, taken = 5, overrides = 3 WHERE id = ?', [OTHER_ID]),
    );
    await send(await demoCatalogue());
    const section = await database.read((manager) => manager.findOneByOrFail(SectionEntity, { id: OTHER_ID }));
    expect(section).toMatchObject({ capacity: 16, taken: 5, overrides: 0 });
  });

  it('is not done, and says why, when an option is misspelt', async () => {
    expect(await send(await withCapacity(99), '?dryrun=true')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_input', message: expect.stringContaining('dryrun') as string } },
    });
    const section = await database.read((manager) => manager.findOneByOrFail(SectionEntity, { id: ID }));
    expect(section.capacity).not.toBe(99);
  });

  it('is searched alike whether file or student composed the letters', async () => {
    const [composed, taken] = ['한국어'.normalize('NFC'), '한국어'.normalize('NFD')];
    expect(composed).not.toBe(taken);
    await send((await demoCatalogue()).replace('"LAC - German"', `"${taken}"`));
    for (const query of [composed, taken]) {
      const { body } = await askJson(`${origin}/api/terms/${DEMO_TERM.id}/sections?query=${encodeURIComponent(query)}`);
      expect(body).toMatchObject({ total: 1 });
    }
  });

  it('says by line what it could not take', async () => {
    const csv = (await demoCatalogue()).replace(
      '"Rachael Norton","","S","200","16"',
      '"Rachael Norton","","S","200","many"',
    );
    expect((await send(csv, '?dryRun=true')).body).toMatchObject({
      counts: { missing: 1 },
      problems: [{ line: 3, rule: 'max is not a whole number from 0 to 100000', text: 'many' }],
    });
  });

  it.each<[string, () => Body, Record<string, string>]>([
    ['what is no catalogue', () => 'a,b\n1,2\n', {}],
    ['nothing', () => '', {}],
    ['another encoding than UTF-8', () => new Uint8Array([0xb0, 0xa1, 0x0a]), {}],
    ['more than 8 MB', () => 'x'.repeat(8 * 1024 * 1024 + 1), {}],
  ])('refuses %s', async (_, body, headers) => {
    expect(await send(body(), '', headers)).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
  });

  it('refuses another type', async () => {
    const answer = await send('{}', '', { 'content-type': 'application/json' });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported_type' } } });
  });

  it('refuses too much also when nobody said how much it would be', async () => {
    const parts = Array.from({ length: 9 }, () => new Uint8Array(1024 * 1024));
    const body = new ReadableStream({
      pull: (controller) => {
        const part = parts.pop();
        if (part) controller.enqueue(part);
        else controller.close();
      },
    });
    const init = { method: 'POST', duplex: 'half', headers: { operator: 'olga', 'content-type': 'text/csv' }, body };
    const url = `${origin}/api/operator/terms/${DEMO_TERM.id}/import`;
    expect(await askJson(url, init as RequestInit)).toMatchObject({
      status: 400,
      body: { error: { details: { limitBytes: 8 * 1024 * 1024 } } },
    });
  });

  it('is for operators', async () => {
    expect(await send('', '', { operator: '' })).toMatchObject({
      status: 401,
      body: { error: { code: 'not_operator' } },
    });
  });
});
