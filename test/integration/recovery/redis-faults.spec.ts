import { setTimeout as pause } from 'node:timers/promises';
import { lineKey } from '../../../src/line/redis/keys';
import { Cluster, startCluster } from '../../../load/servers/cluster';
import { RedisService, startRedis, withRedis } from '../../../load/servers/redis';
import { SHORT_TIMES } from '../../support/short-times';
import { waitFor } from '../../../load/support/wait-for';
import { Scenario } from './scenario';

/** How long Redis stands still: longer than every time limit of a command, and than a stall. */
const STANDSTILL_MS = 10_000;

describe('two pods whose Redis', () => {
  let cluster: Cluster;
  let redis: RedisService;
  let scenario: Scenario;

  beforeAll(async () => {
    redis = await startRedis({ own: true, persistence: 'always' });
    cluster = await startCluster({ own: true, env: SHORT_TIMES, redis: () => Promise.resolve(redis) });
  });
  afterEach(() => scenario.close());
  afterAll(() => cluster.stop());

  /** The counts are those of the last tick. */
  const expectCounts = (counts: { epoch: number; waiting: number; inside: number }) =>
    scenario.untilReport(`the counts ${JSON.stringify(counts)}`, ({ epoch, waiting, inside }) => {
      return epoch === counts.epoch && waiting === counts.waiting && inside === counts.inside;
    });

  /** By the line itself: a report is as old as the last tick. */
  const insideNow = (roomId: string): Promise<number> =>
    withRedis(redis.url, async (client) =>
      Number(await client.hget(lineKey({ roomId, epoch: 1, incarnation: '' }, 'meta'), 'inside')),
    );

  /** Keeps the data, and says how many were inside by it. */
  async function keepLine(roomId: string): Promise<number> {
    for (;;) {
      const before = await insideNow(roomId);
      redis.keepData();
      if ((await insideNow(roomId)) === before) return before;
    }
  }

  /** What must hold after every fault. */
  async function expectEverythingKept(): Promise<void> {
    await scenario.admitAll();
    scenario.expectKept();
    await scenario.expectFair();
  }

  it('stands still for ten seconds, keep every socket and place, and go on', async () => {
    scenario = await Scenario.start(cluster, 'standstill');
    redis.pause();
    const late = await scenario.signIn('late');
    const joining = late.open(scenario.pod(0));
    await scenario.untilLive('recovering');
    await pause(STANDSTILL_MS);
    redis.resume();
    await scenario.untilLive('open');
    await joining;
    scenario.waiting.push(late);
    await expectCounts({ epoch: 1, waiting: 13, inside: 1 });
    await scenario.comeBack();
    scenario.expectNoDisconnect();
    await expectEverythingKept();
  });

  it('is killed and comes back with its data, go on where they were', async () => {
    scenario = await Scenario.start(cluster, 'restart');
    await redis.kill();
    await scenario.untilLive('recovering');
    await redis.restart();
    await scenario.untilLive('open');
    const newcomer = await scenario.join('newcomer', 1);
    scenario.waiting.push(newcomer);
    expect(newcomer.numbers).toEqual([14]);
    await expectCounts({ epoch: 1, waiting: 13, inside: 1 });
    await scenario.comeBack();
    scenario.expectNoDisconnect();
    await expectEverythingKept();
  });

  it('comes back empty, rebuild the line from the trail in a new epoch', async () => {
    scenario = await Scenario.start(cluster, 'empty');
    await redis.kill();
    await redis.restart({ empty: true });
    await scenario.untilReport('a new epoch', ({ epoch, state }) => epoch === 2 && state === 'recovering');
    const newcomer = await scenario.join('newcomer', 1);
    expect(newcomer.numbers[0]).toBeGreaterThan(100_000);
    expect(newcomer.tabs[0]?.positions).toEqual([]);
    scenario.waiting.push(newcomer);
    await scenario.comeBack();
    await scenario.untilLive('open');
    await waitFor(() => newcomer.tabs[0]?.positions[0] === 13, { what: 'the position at the end' });
    await expectCounts({ epoch: 2, waiting: 13, inside: 1 });
    scenario.expectNoDisconnect();
    await expectEverythingKept();
  });

  it('has lost its last second, restore those who joined in it from the trail', async () => {
    scenario = await Scenario.start(cluster, 'lost-second');
    redis.keepData();
    for (const name of ['lost-0', 'lost-1', 'lost-2']) scenario.waiting.push(await scenario.join(name, 0));
    const lost = scenario.waiting.slice(-3);
    await scenario.untilReport('the trail to have the lost second', ({ trailLag }) => trailLag === 0);
    await redis.restartFromKept();
    await scenario.untilReport('a new epoch', ({ epoch }) => epoch === 2);
    expect(lost.map(({ numbers }) => numbers)).toEqual([[14], [15], [16]]);
    await scenario.comeBack();
    await scenario.untilLive('open');
    await expectCounts({ epoch: 2, waiting: 15, inside: 1 });
    scenario.expectNoDisconnect();
    await expectEverythingKept();
  });

  it('has lost a second that the trail does not know either, restore it from the signed tickets', async () => {
    scenario = await Scenario.start(cluster, 'lost-tickets');
    const lost = await Promise.all(['lost-0', 'lost-1', 'lost-2'].map((name) => scenario.signIn(name)));
    cluster.database.pause();
    redis.keepData();
    for (const [i, visitor] of lost.entries()) await visitor.open(scenario.pod(i));
    lost[1]?.leaveTabs();
    await redis.restartFromKept();
    cluster.database.resume();
    await scenario.untilReport('a new epoch', ({ epoch, state }) => epoch === 2 && state === 'recovering');
    await lost[1]?.open(scenario.pod(0));
    scenario.waiting.push(...lost);
    await scenario.comeBack();
    await scenario.untilLive('open');
    expect(lost.map(({ numbers }) => numbers)).toEqual([[14], [15], [16]]);
    await expectCounts({ epoch: 2, waiting: 15, inside: 1 });
    await expectEverythingKept();
    // the fault bit: what the trail knew when the second life began did not reach to the last of them
    const [, after] = await scenario.trail();
    expect(after?.restoredThrough).toBeLessThan(16);
  });

  it('has lost an admission that no trail knows, let that student in again, once, in the old turn', async () => {
    scenario = await Scenario.make(cluster, 'lost-admission', { capacity: 100, ratePerSecond: 0.5 });
    for (let i = 0; i < 6; i++) scenario.waiting.push(await scenario.join(`waiting-${i}`, i));
    await scenario.untilReport('the trail to have everything', ({ trailLag }) => trailLag === 0);
    const kept = await keepLine(scenario.roomId);
    cluster.database.pause();
    const told = (): number => scenario.waiting.filter(({ admissions }) => admissions.length > 0).length;
    await waitFor(
      async () => {
        const inside = await insideNow(scenario.roomId);
        return inside > kept && inside > told();
      },
      { what: 'an admission that neither the trail nor the kept data has' },
    );
    await redis.restartFromKept();
    const last = scenario.waiting.at(-1);
    const best = Math.min(...(last?.tabs[0]?.positions ?? []));
    cluster.database.resume();
    await scenario.untilReport('a new epoch', ({ epoch }) => epoch === 2);
    await last?.open(scenario.pod(0));
    // whoever has the old turn again was ahead of the others all the time
    expect(last?.tabs[1]?.positions[0]).toBeLessThanOrEqual(best);
    await scenario.untilLive('open');
    await expectEverythingKept();
  });
});
