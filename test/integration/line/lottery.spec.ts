import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase } from '../../../src/database/open-database';
import { seedHash } from '../../../src/line/lottery';
import { startCluster } from '../../support/cluster';
import { OperatorClient } from '../../support/operator';
import { startPod } from '../../support/pod';
import { signIn, StudentTab } from '../../support/student';
import { waitFor } from '../../support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const REPOSITORY = join(__dirname, '..', '..', '..');
const ENTRANTS = 20;
const LATECOMERS = 3;

/** One pod, or several that share their stores. */
interface World {
  urls: string[];
  operatorToken: string;
  signIn(studentId: string): Promise<string>;
  /** What tells the command where the database is. */
  commandLine: string[];
  database: { url: string } | { file: string };
  stop(): Promise<unknown>;
}

async function embedded(): Promise<World> {
  const pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
  return {
    urls: [pod.url],
    operatorToken: OPERATOR_TOKEN,
    signIn: (studentId) => signIn(pod.url, studentId),
    commandLine: ['--data-dir', pod.dataDir],
    database: { file: join(pod.dataDir, 'sunbeon.sqlite') },
    stop: () => pod.stop(),
  };
}

async function clustered(): Promise<World> {
  const cluster = await startCluster();
  const url = cluster.env.DATABASE_URL ?? '';
  return {
    urls: cluster.pods.map((pod) => pod.url),
    operatorToken: cluster.operatorToken,
    signIn: async (studentId) => {
      const response = await fetch(`${cluster.url}/api/sign-in/sso`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: await cluster.ssoToken(studentId) }),
      });
      return ((await response.json()) as { token: string }).token;
    },
    commandLine: ['--database', url],
    database: { url },
    stop: () => cluster.stop(),
  };
}

interface Recomputed {
  pass: boolean;
  seedHash: string;
  order: { entry: number; number: number }[];
  problems: string[];
}

describe.each([
  ['one embedded pod', embedded],
  ['two pods', clustered],
])('a lottery on %s', (_, start) => {
  const roomId = 'lottery';
  const tabs: StudentTab[] = [];
  let world: World;
  let publishedHash: string;

  beforeAll(async () => void (world = await start()), 90_000);
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await world.stop();
  }, 60_000);

  async function enter(studentId: string): Promise<StudentTab> {
    const tab = new StudentTab(world.urls[tabs.length % world.urls.length]!, await world.signIn(studentId));
    tabs.push(tab);
    await tab.connected();
    await waitFor(() => tab.join(roomId), { what: 'the room' });
    return tab;
  }

  async function run(command: string, ...more: string[]): Promise<Recomputed> {
    const cli = ['--require', '@swc-node/register', join(REPOSITORY, 'src/trail/cli.ts'), command, '--room', roomId];
    const { stdout } = await promisify(execFile)(process.execPath, [...cli, ...world.commandLine, '--json', ...more], {
      cwd: REPOSITORY,
    }).catch((error: { stdout: string }) => error);
    return JSON.parse(stdout) as Recomputed;
  }

  async function seenByAll(): Promise<{ seedHash: string; seed?: string }> {
    const response = await fetch(`${world.urls[0]}/api/rooms/${roomId}`);
    return ((await response.json()) as { lottery: { seedHash: string; seed?: string } }).lottery;
  }

  it('shows the hash of the seed, and neither seed nor positions, before the opening', async () => {
    const operator = new OperatorClient(world.urls[0]!, world.operatorToken);
    const opensAt = Date.now() + 3_600_000;
    const room = await operator.createRoom(roomId, { lottery: true, ratePerSecond: 1_000, opensAt });
    for (let i = 0; i < ENTRANTS; i++) await enter(`entrant-${i}`);
    expect(tabs.map(({ ticket }) => [ticket?.number, ticket?.position])).toEqual(
      tabs.map((_tab, index) => [index + 1, 0]),
    );
    expect(JSON.stringify(room)).not.toMatch(/"seed"|lotterySeed/);
    const view = await seenByAll();
    expect(Object.keys(view)).toEqual(['seedHash']);
    publishedHash = view.seedHash;
    await operator.changeRoom(roomId, { opensAt: Date.now(), capacity: 0 });
  });

  it('lets everybody in by the recomputed order, latecomers behind', async () => {
    await waitFor(() => tabs.every(({ positions }) => (positions.at(-1) ?? 0) > 0), { what: 'the draw' });
    for (let i = 0; i < LATECOMERS; i++) await enter(`late-${i}`);
    const recomputed = await run('lottery', '--seed-hash', publishedHash);
    expect(recomputed).toMatchObject({ pass: true, problems: [], seedHash: publishedHash });
    expect(recomputed.order).toHaveLength(ENTRANTS);
    const expected = [...recomputed.order.map(({ entry }) => entry - 1), ...[0, 1, 2].map((late) => ENTRANTS + late)];
    expect(expected.map((index) => tabs[index]?.positions.at(-1))).toEqual(expected.map((_index, place) => place + 1));
    const operator = new OperatorClient(world.urls[0]!, world.operatorToken);
    await operator.changeRoom(roomId, { capacity: 1_000 });
    const admissions = await Promise.all(tabs.map((tab) => tab.admitted()));
    expect(expected.map((index) => admissions[index]?.number)).toEqual(
      expected.map((_index, place) => ENTRANTS + 1 + place),
    );
  });

  it('shows the seed of the hash afterwards, and a trail that is fair', async () => {
    const { seed } = await seenByAll();
    expect(seedHash(seed ?? '')).toBe(publishedHash);
    expect(await run('verify')).toMatchObject({ pass: true, violations: [] });
  });

  it('is not recomputed when a row of the trail was changed afterwards', async () => {
    const database = await openDatabase({ ...world.database, entities: [] });
    try {
      await database.write((manager) =>
        manager.query(`UPDATE trail SET number = number + 100 WHERE type = 'drawn' AND number = ${ENTRANTS + 1}`),
      );
    } finally {
      await database.close();
    }
    expect(await run('lottery')).toMatchObject({ pass: false });
  });
});
