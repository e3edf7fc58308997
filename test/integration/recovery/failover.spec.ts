import { Cluster, startCluster } from '../../../load/servers/cluster';
import { RedisSentinel, startRedisSentinel } from '../../support/redis-sentinel';
import { LENT_SERVICE } from '../../../load/servers/service';
import { SHORT_TIMES } from '../../support/short-times';
import { Scenario } from './scenario';

describe('two pods whose Redis is failed over by its sentinels', () => {
  let cluster: Cluster;
  let redis: RedisSentinel;
  let scenario: Scenario;

  beforeAll(async () => {
    redis = await startRedisSentinel();
    const service = { ...LENT_SERVICE, url: redis.url, port: 0, stop: () => redis.stop() };
    cluster = await startCluster({ own: true, env: SHORT_TIMES, redis: () => Promise.resolve(service) });
  });
  afterEach(() => scenario.close());
  afterAll(() => cluster.stop());

  async function expectEverythingKept(): Promise<void> {
    await scenario.comeBack();
    await scenario.untilLive('open');
    await scenario.admitAll();
    scenario.expectNoDisconnect();
    scenario.expectKept();
    await scenario.expectFair();
  }

  it('go on where they were when the replica has everything', async () => {
    scenario = await Scenario.start(cluster, 'failover');
    await redis.failOver();
    await scenario.untilLive('open');
    expect((await scenario.report()).epoch).toBe(1);
    await expectEverythingKept();
  });

  it('restore who joined in what the replica did not get', async () => {
    scenario = await Scenario.start(cluster, 'lossy-failover');
    await redis.failOver(async () => {
      for (const name of ['lost-0', 'lost-1', 'lost-2']) scenario.waiting.push(await scenario.join(name, 1));
    });
    await scenario.untilReport('a new epoch', ({ epoch }) => epoch === 2);
    expect(scenario.waiting.slice(-3).map(({ numbers }) => numbers)).toEqual([[14], [15], [16]]);
    await expectEverythingKept();
  });
});
