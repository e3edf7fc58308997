import { type Cluster, startCluster } from '../../../load/servers/cluster';
import { withRedis } from '../../../load/servers/redis';
import { waitFor } from '../../../load/support/wait-for';

const PASSWORD = 'the-password-of-redis';

describe('a pod that Redis refuses', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startCluster({ own: true, pods: 1 });
    await withRedis(cluster.redis.url, (redis) => redis.config('SET', 'requirepass', PASSWORD));
  });
  afterAll(() => cluster.stop());

  it('goes on, never shows the password, and hears the other pods once it is let in', async () => {
    const wrong = `not-${PASSWORD}`;
    cluster.env.REDIS_URL = cluster.redis.url.replace('//', `//:${wrong}@`);
    const pod = await cluster.addPod();
    const asOperator = cluster.redis.url.replace('//', `//:${PASSWORD}@`);
    await withRedis(asOperator, async (redis) => {
      const listening = async (): Promise<number> =>
        ((await redis.client('LIST', 'TYPE', 'PUBSUB')) as string).split(' sub=3 psub=1 ').length - 1;
      const refusals = async (): Promise<number> =>
        Number(/errorstat_WRONGPASS:count=(\d+)/.exec(await redis.info('errorstats'))?.[1]);
      const soFar = await refusals();
      await waitFor(async () => (await refusals()) > soFar + 9, { what: 'Redis to refuse every connection again' });
      expect(await listening()).toBe(1);
      await redis.config('SET', 'requirepass', wrong);
      await waitFor(async () => (await listening()) === 2, { what: 'the pod to listen' });
    });
    expect(pod.output()).not.toContain(wrong);
    expect((await pod.stop()).code).toBe(0);
  });
});
