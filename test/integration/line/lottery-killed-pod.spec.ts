import { mapAtMost } from '../../../load/support/http';
import { openDatabase } from '../../../src/database/open-database';
import { StoreProxy, Tap } from '../../chaos/world/store-proxy';
import { Cluster, startCluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signInSso, type StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { allPlaced, enterLine, runTrail, shownPosition, signedNumber } from './lottery-world';

/** More than fit into one call of the draw, which takes 500. */
const ENTRANTS = 520;
/** On the pod that is killed. */
const ON_KILLED = 20;
/** Sign-ins and joins at once. */
const TOGETHER = 40;

/** Lets the first chunk of the draw through to Redis, and nothing of the second or after it. */
class DrawWatch {
  /** Chunks that were sent, whether they arrived or not. */
  sent = 0;

  tap(): Tap {
    const start = '[{"studentId":';
    let end = '';
    return (data) => {
      const text = end + data.toString('latin1');
      this.sent += text.split(start).length - 1;
      end = text.slice(1 - start.length);
      return this.sent > 1 ? 'lose' : 'pass';
    };
  }
}

describe('a draw whose pod is killed between two chunks', () => {
  const roomId = 'lottery';
  const watch = new DrawWatch();
  const names = Array.from({ length: ENTRANTS }, (_name, index) => `entrant-${index}`);
  let cluster: Cluster;
  let proxy: StoreProxy;
  let killed: Pod;
  let remaining: Pod;
  let operator: OperatorClient;
  let tokens: string[];
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    cluster = await startCluster({ own: true, pods: 1 });
    remaining = cluster.pods[0]!;
    proxy = await StoreProxy.start(cluster.redis.port);
    proxy.tap = () => watch.tap();
    killed = await startPod({ env: { ...cluster.env, REDIS_URL: proxy.through(cluster.redis.url) } });
    operator = new OperatorClient(killed.url, cluster.operatorToken);
    tokens = await mapAtMost(names, TOGETHER, async (name) => (await signInSso(cluster, name, remaining.url)).token);
  });
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await killed.kill();
    await cluster.stop();
    await proxy.stop();
  });

  const world = (): { commandLine: string[] } => ({ commandLine: ['--database', cluster.database.url] });

  /** The numbers that the trail has drawn, in their order. */
  async function drawnNumbers(): Promise<number[]> {
    const database = await openDatabase({ url: cluster.database.url, entities: [] });
    try {
      const sql = `SELECT number FROM trail WHERE room_id = '${roomId}' AND type = 'drawn' ORDER BY number`;
      const rows = await database.read((manager) => manager.query<{ number: string | number }[]>(sql));
      return rows.map(({ number }) => Number(number));
    } finally {
      await database.close();
    }
  }

  it('is finished by another pod: the recomputed order, nobody twice, nobody lost', async () => {
    await operator.createRoom(roomId, { lottery: true, ratePerSecond: 1_000, opensAt: Date.now() + 3_600_000 });
    const opened = await mapAtMost(tokens, TOGETHER, (token, index) =>
      enterLine((index < ON_KILLED ? killed : remaining).url, token, roomId),
    );
    tabs.push(...opened);
    const entries = tabs.map(({ ticket }) => signedNumber(ticket?.ticket));

    remaining.signal('SIGSTOP');
    await operator.changeRoom(roomId, { opensAt: Date.now(), capacity: 0 });
    await waitFor(() => watch.sent > 1, { what: 'the second chunk of the draw' });
    expect(await killed.kill()).toMatchObject({ signal: 'SIGKILL' });
    expect(tabs.some((tab) => shownPosition(tab) > 0)).toBe(false);
    remaining.signal('SIGCONT');

    const back = await mapAtMost(tabs.slice(0, ON_KILLED), TOGETHER, (tab, index) => {
      tab.close();
      return enterLine(remaining.url, tokens[index] ?? '', roomId, { resume: true, ticket: tab.ticket?.ticket });
    });
    tabs.splice(0, ON_KILLED, ...back);
    await waitFor(() => allPlaced(tabs), { what: 'the draw' });
    const { order, problems } = await runTrail(world(), 'lottery', roomId);
    expect(problems).toEqual([]);
    expect(await drawnNumbers()).toEqual(names.map((_name, index) => ENTRANTS + 1 + index));
    const numbers = new Map(order.map(({ entry, number }) => [entry, number]));
    const expected = entries.map((entry) => numbers.get(entry) ?? 0);
    await waitFor(() => tabs.every(({ ticket }) => (ticket?.number ?? 0) > ENTRANTS), { what: 'new tickets' });
    expect(tabs.map(({ ticket }) => signedNumber(ticket?.ticket))).toEqual(expected);
    expect(tabs.map(shownPosition)).toEqual(expected.map((number) => number - ENTRANTS));
    await new OperatorClient(remaining.url, cluster.operatorToken).changeRoom(roomId, { capacity: ENTRANTS });
    const admissions = await Promise.all(tabs.map((tab) => tab.admitted()));
    expect(admissions.map(({ number }) => number)).toEqual(expected);
    expect(await runTrail(world(), 'verify', roomId)).toMatchObject({ pass: true, violations: [], epochs: 1 });
  });
});
