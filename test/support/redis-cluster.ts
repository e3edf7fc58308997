import { Redis } from 'ioredis';
import { ManagedProcess } from '../../load/servers/managed-process';
import { freePorts } from '../../load/servers/ports';
import { Service } from '../../load/servers/service';
import { type RedisOptions, startRedis, withRedis } from '../../load/servers/redis';
import { waitFor } from '../../load/support/wait-for';

export interface RedisCluster {
  nodes: Service[];
  /** For ioredis' Cluster client. */
  addresses: { host: string; port: number }[];
  /** All addresses, comma-separated: `redis://127.0.0.1:1,redis://127.0.0.1:2,…`. */
  url: string;
  stop(): Promise<void>;
}

const MASTERS = 3;

/** A Redis Cluster of three masters without replicas; every slot is served when this resolves. */
export async function startRedisCluster({ maker }: Pick<RedisOptions, 'maker'> = {}): Promise<RedisCluster> {
  const busPorts = await freePorts(MASTERS);
  const nodes = await Promise.all(
    busPorts.map((busPort) =>
      startRedis({
        ...{ own: true, maker },
        args: ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '3000'],
      }),
    ),
  );
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  const addresses = nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  try {
    await join(addresses.map(({ host, port }) => `${host}:${port}`));
    await Promise.all(nodes.map(({ url }) => withRedis(url, untilWhole)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, addresses, url: nodes.map(({ url }) => url).join(','), stop };
}

async function join(addresses: string[]): Promise<void> {
  const joining = await ManagedProcess.start({
    name: 'redis-cluster-create',
    command: 'redis-cli',
    args: ['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes'],
  });
  const { code } = await joining.exited();
  if (code !== 0) throw new Error(`redis-cli --cluster create failed:\n${joining.output()}`);
}

async function untilWhole(client: Redis): Promise<void> {
  await waitFor(
    async () => {
      const info = await client.cluster('INFO');
      return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${MASTERS}`);
    },
    { what: 'cluster_state:ok' },
  );
}
