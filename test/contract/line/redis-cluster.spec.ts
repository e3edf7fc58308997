import { startRedisCluster } from '../../support/redis-cluster';
import { redisEngine } from './engine';
import { lineStoreContract } from './line-store.contract';

const start = async () => {
  const cluster = await startRedisCluster();
  const nodes = cluster.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
  return { url: `redis+cluster://${nodes}`, stop: () => cluster.stop() };
};

lineStoreContract(redisEngine('redis cluster', start));
