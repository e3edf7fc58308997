import { demoCatalogue } from '../../../src/registration/catalogue/import/demo-term';
import { StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { type Answer, askJson } from './app';
import { type ReplicaWorld, startReplicaWorld } from './replica-world';

const TERM = 'fall';
const ROOM = 'replica-room';
/** A section of one seat. */
const ONE_SEAT = '0000162389';

/** Only the copy has this title: whoever sees it was answered by the copy. */
const TITLE_OF_THE_COPY = 'From the copy';

describe.each(['mysql', 'mariadb'] as const)('a pod with a read replica (%s)', (maker) => {
  let world: ReplicaWorld;
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    world = await startReplicaWorld(maker);
    const csv = (await demoCatalogue()).replace(
      '"Rachael Norton","","S","200","16"',
      '"Rachael Norton","","S","200","1"',
    );
    const response = await fetch(`${world.pod.url}/api/operator/terms/${TERM}/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.operatorToken}`, 'content-type': 'text/csv' },
      body: csv,
    });
    expect(response.status).toBe(200);
    await world.operator.createRoom(ROOM, { termId: TERM });
  });

  beforeEach(backToTheCopy);

  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close();
  });

  afterAll(() => world.stop());

  const call = (path: string, init: RequestInit = {}): Promise<Answer> => askJson(`${world.pod.url}/api${path}`, init);

  const seen = async (): Promise<{ status: number; title: unknown; left: unknown }> => {
    const { status, body } = await call(`/terms/${TERM}/sections/${ONE_SEAT}`);
    return { status, title: body.title, left: body.left };
  };

  const fromTheCopy = async (): Promise<boolean> => (await seen()).title === TITLE_OF_THE_COPY;

  /** Marks the copy, from which every change of the section takes the mark away, and waits until the pod reads there. */
  async function backToTheCopy(): Promise<void> {
    await world.caughtUp();
    await world.onReplica(`UPDATE section SET title = '${TITLE_OF_THE_COPY}' WHERE id = '${ONE_SEAT}'`);
    await waitFor(fromTheCopy, { what: 'the catalogue to come from the copy' });
  }

  interface Inside {
    as(method: string, path: string, body?: unknown): Promise<Answer>;
    enrol(sectionIds: string[]): Promise<string[]>;
  }

  /** A student who was let in. */
  async function inside(studentId: string): Promise<Inside> {
    const token = await world.signIn(studentId);
    const tab = new StudentTab(world.pod.url, token);
    tabs.push(tab);
    await tab.connected();
    await tab.join(ROOM);
    const { token: admission } = await tab.admitted();
    const as: Inside['as'] = (method, path, body) =>
      call(`/terms/${TERM}${path}`, {
        method,
        headers: {
          ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...{ 'idempotency-key': `${studentId} ${method} ${path}`, 'admission-token': admission },
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    const enrol = async (sectionIds: string[]): Promise<string[]> => {
      const { body } = await as('POST', '/enrolments', { sectionIds });
      const results = body.results as { outcome: string; error?: { code: string } }[];
      return results.map(({ outcome, error }) => error?.code ?? outcome);
    };
    return { as, enrol };
  }

  it('shows the catalogue from it', async () => {
    expect(await seen()).toEqual({ status: 200, title: TITLE_OF_THE_COPY, left: 1 });
  });

  it('decides and remembers by the primary alone, however far the copy lags', async () => {
    await world.onReplica('STOP REPLICA SQL_THREAD');
    const first = await inside('first');
    const second = await inside('second');
    expect(await first.enrol([ONE_SEAT])).toEqual(['enrolled']);
    expect(await seen()).toEqual({ status: 200, title: TITLE_OF_THE_COPY, left: 1 });
    expect(await second.enrol([ONE_SEAT])).toEqual(['section_full']);
    expect((await first.as('GET', '/enrolments')).body).toMatchObject({ enrolments: [{ section: { id: ONE_SEAT } }] });
    expect((await first.as('PUT', '/cart', { sectionIds: [ONE_SEAT], version: 0 })).body).toMatchObject({
      version: 1,
      obstacles: [{ code: 'already_enrolled' }],
    });
    expect((await first.as('GET', '/cart')).body).toMatchObject({ version: 1, sectionIds: [ONE_SEAT] });
    expect((await first.as('DELETE', `/enrolments/${ONE_SEAT}`)).body).toMatchObject({
      results: [{ outcome: 'dropped' }],
    });
    expect((await first.as('GET', '/enrolments')).body).toEqual({ enrolments: [] });
    await world.onReplica('START REPLICA SQL_THREAD');
  });

  it.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['stands still', () => world.replica.pause(), () => world.replica.resume()],
    ['is dead', () => world.replica.kill(), () => world.replica.restart()],
  ])('answers every question and goes on enrolling while it %s, and comes back to it', async (how, stop, goOn) => {
    await stop();
    const answers = await Promise.all(Array.from({ length: 20 }, seen));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    // What the copy has said may be kept for a moment.
    await waitFor(async () => (await seen()).title === 'Abstract Algebra I', { what: 'the primary to be asked' });
    const search = await call(`/terms/${TERM}/sections?query=algebra`);
    expect(search.status).toBe(200);
    const student = await inside(`while it ${how}`.replaceAll(' ', '-'));
    expect(await student.enrol([ONE_SEAT])).toEqual(['enrolled']);
    expect((await student.as('DELETE', `/enrolments/${ONE_SEAT}`)).body).toMatchObject({
      results: [{ outcome: 'dropped' }],
    });
    await goOn();
    await backToTheCopy();
    expect((await fetch(`${world.pod.url}/readyz`)).status).toBe(200);
  });
});
