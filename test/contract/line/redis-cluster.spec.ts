import { startRedisCluster } from '../../support/redis-cluster';
import { redisEngine } from './engine';
import { lineStoreContract } from './line-store.contract';

const start = async () => {
  const { addresses, stop } = await startRedisCluster();
  const nodes = addresses.map(({ host, port }) => `${host}:${port}`).join(',');
  return { url: `redis+cluster://${nodes}`, stop };
};

lineStoreContract(redisEngine('redis cluster', start));
