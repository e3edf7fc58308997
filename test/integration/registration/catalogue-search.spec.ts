import type { INestApplication } from '@nestjs/common';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Database } from '../../../src/database/database';
import { waitFor } from '../../../load/support/wait-for';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { startRegistrationApp } from './app';
import { addStudents, ENTITIES } from './support';

const CATALOGUE = `clbid,department,number,section,type,name,credits,max,offerings,instructors,start_date,end_date
0000162389,MATH,252,B,Lecture,Abstract Algebra,3.0,1,Mo/We 9:00-9:50 RNS 1,Edgar Payán,,
0000162390,MATH,252,A,Lecture,Bayes and Bernoulli,3.0,2,Tu 14:00-15:50 RNS 2,,,
0000162391,CSE,210,,Lecture,자료 구조,-1,2,We 9:30-10:20 RNS 3,김과학,2025-09-01,2025-10-15
0000162392,CSE,211,,Seminar,알고리즘,1.5,2,,박지우,,
`;
const WITH_ONE_MORE = `${CATALOGUE}0000162393,ZOO,100,,Lecture,Elephants,3,5,,,,\n`;
const ID = '0000162389';

/** As browsers ask again for what they have kept; `fetch` itself would ask for everything anew. */
async function conditional(url: string, etag: string) {
  const [response] = (await once(get(url, { headers: { 'if-none-match': etag } }), 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe.each(TESTED_DATABASES)('the search through a term on %s', (kind) => {
  let home: Home;
  let database: Database;
  /** Two pods on one database, which tell each other nothing. */
  let pods: { app: INestApplication; origin: string }[];

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await database.migrate();
    await addStudents(database, 2);
    pods = await Promise.all([startRegistrationApp(database), startRegistrationApp(database)]);
    await bringIn(CATALOGUE);
  });

  afterAll(async () => {
    for (const { app } of pods) await app.close();
    await home.remove();
  });

  const call = (path: string, init: RequestInit = {}, pod = 0): Promise<Response> =>
    fetch(`${pods[pod]?.origin}/api${path}`, init);

  async function bringIn(csv: string): Promise<void> {
    const headers = { operator: 'kim', 'content-type': 'text/csv' };
    const { status } = await call('/operator/terms/fall/import', { method: 'POST', headers, body: csv });
    expect(status).toBe(200);
  }

  type Found = { sections: { id: string; left: number }[]; total: number };
  const found = async (query: Record<string, string> | [string, string][], pod = 0): Promise<Found> => {
    const response = await call(`/terms/fall/sections?${new URLSearchParams(query).toString()}`, {}, pod);
    expect(response.status).toBe(200);
    return (await response.json()) as Found;
  };
  const idsOf = ({ sections }: Found): string[] => sections.map(({ id }) => id.slice(-2));

  async function change(method: 'POST' | 'DELETE', student: string): Promise<void> {
    const headers = {
      ...{ student, 'admission-token': `for ${student}`, 'idempotency-key': `${method} ${student}` },
      'content-type': 'application/json',
    };
    const path = method === 'POST' ? '/terms/fall/enrolments' : `/terms/fall/enrolments/${ID}`;
    const body = method === 'POST' ? JSON.stringify({ sectionIds: [ID] }) : undefined;
    const { results } = (await (await call(path, { method, headers, body })).json()) as { results: object[] };
    expect(results).toMatchObject([{ outcome: method === 'POST' ? 'enrolled' : 'dropped' }]);
  }

  it.each([
    ['MATH252', ['90', '89']],
    ['math-252', ['90', '89']],
    ['MATH 252 B', ['89', '90']],
    ['162389', ['89']],
    ['Payan', ['89']],
    ['자료구조', ['91']],
    ['ㅈㄹㄱㅈ', ['91']],
    ['알고ㄹ', ['92']],
    ['nowhere', []],
  ])('finds what students type: %s', async (query, ids) => {
    expect(idsOf(await found({ query }))).toEqual(ids);
  });

  it('finds by day, time, credits, open seats and what fits, and says what there is to choose among', async () => {
    expect(idsOf(await found({ day: 'Tu' }))).toEqual(['90']);
    expect(idsOf(await found({ from: '09:30' }))).toEqual(['91', '92', '90']);
    expect(idsOf(await found({ until: '10:00' }))).toEqual(['92', '89']);
    expect(idsOf(await found({ credits: '1.5' }))).toEqual(['92']);
    expect(idsOf(await found({ credits: '0' }))).toEqual(['91']);
    expect(idsOf(await found({ fits: ID }))).toEqual(['92', '90']);
    expect(
      idsOf(
        await found([
          ['fits', ID],
          ['fits', '0000162390'],
        ]),
      ),
    ).toEqual(['92']);
    expect(await (await call('/terms/fall/departments')).json()).toEqual({
      departments: ['CSE', 'MATH'],
      credits: [0, 1.5, 3],
    });
  });

  it.each(['from=9:00', 'until=25:00', 'until=24:01', 'credits=x', 'credits=-1', 'fits=', 'fits=a%20'])(
    'refuses %s',
    async (query) => {
      const response = await call(`/terms/fall/sections?${query}`);
      expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'invalid_input' } }]);
    },
  );

  it('is not sent again to who has it still, until a seat is taken', async () => {
    const ask = (etag = '') => conditional(`${pods[0]?.origin}/api/terms/fall/sections?query=algebra`, etag);
    const first = await ask();
    expect([first.status, first.headers['cache-control']]).toEqual([200, 'no-cache']);
    const { etag } = first.headers;
    expect(await ask(etag)).toMatchObject({ status: 304, body: '' });
    await change('POST', 's0');
    const changed = await ask(etag);
    expect(changed.status).toBe(200);
    expect(JSON.parse(changed.body)).toMatchObject({ sections: [{ id: ID, left: 0 }] });
    await change('DELETE', 's0');
  });

  it('knows at once what was taken by this pod, and soon what was by another', async () => {
    const open = async (pod: number) => idsOf(await found({ openOnly: 'true', query: 'MATH' }, pod)).includes('89');
    expect(await Promise.all([open(0), open(1)])).toEqual([true, true]);
    await change('POST', 's1');
    expect(await open(0)).toBe(false);
    await waitFor(async () => !(await open(1)), { what: 'the other pod to know that the seat is taken' });
    await change('DELETE', 's1');
  });

  it('finds on every pod what an import has brought, at once on that to which it came', async () => {
    expect((await found({ query: 'elephants' }, 1)).total).toBe(0);
    await bringIn(WITH_ONE_MORE);
    expect((await found({ query: 'elephants' })).total).toBe(1);
    await waitFor(async () => (await found({ query: 'elephants' }, 1)).total === 1, {
      what: 'the other pod to find it',
    });
  });

  it('finds nothing in a term that there is not, and each one that comes', async () => {
    const sections = async (): Promise<unknown> => (await call('/terms/spring/sections')).json();
    expect(await sections()).toEqual({ sections: [], total: 0, page: 1, pageSize: 20 });
    const headers = { operator: 'kim', 'content-type': 'text/csv' };
    await call('/operator/terms/spring/import', { method: 'POST', headers, body: CATALOGUE });
    expect(await sections()).toMatchObject({ total: 4 });
  });
});
