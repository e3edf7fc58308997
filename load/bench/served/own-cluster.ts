import { openDatabase } from '../../../src/database/open-database';
import { type Cluster, startCluster } from '../../servers/cluster';
import { buildService } from '../../servers/embedded-server';
import type { DatabaseMaker } from '../../servers/sql-server';
import { pin } from '../../support/cores';
import type { Comer } from '../../swarm/plan';
import type { SignInMint } from '../../swarm/sign-ins';
import { descendantsOf } from '../cpu';
import { BenchOperator } from './operator';
import { environmentOf } from './own-pod';
import type { Served } from './served';

export interface OwnClusterOptions {
  students: number;
  pods: number;
  database: DatabaseMaker;
  /** What pods, stores and nginx are held to; everything by default. */
  cores?: readonly number[];
  env?: Record<string, string>;
}

/** The service as it runs for real. Its `pids` are the pods'; `url` is nginx's. */
export interface OwnCluster extends Served {
  cluster: Cluster;
  podUrls: string[];
  /** What stands around the pods, by name. */
  stores: Record<'redis' | 'database' | 'nginx', number[]>;
  comers: Comer[];
  operator: BenchOperator;
}

/** Builds the service unless that was done from the present sources, and starts all of it. */
export async function startOwnCluster(options: OwnClusterOptions): Promise<OwnCluster> {
  const { students, pods, database, cores, env = {} } = options;
  buildService();
  const { mint, tokens, variables } = environmentOf();
  const cluster = await startCluster({ own: true, pods, database, env: { ...variables, ...env } });
  try {
    await enrol(mint, cluster.database.url, students);
    const url = cluster.url;
    const pids = cluster.pods.map(({ pid }) => pid);
    const nginx = [cluster.nginx.pid, ...descendantsOf(cluster.nginx.pid)];
    const stores = { redis: [cluster.redis.pid], database: [cluster.database.pid], nginx };
    if (cores) for (const pid of [...pids, ...Object.values(stores).flat()]) pin(pid, cores);
    return {
      ...{ name: 'ours', url, pids, cluster, stores },
      podUrls: cluster.pods.map((pod) => pod.url),
      comers: mint.comers(students),
      operator: new BenchOperator(url, tokens),
      stop: async () => {
        // Thousands of connections are not handed over to anybody.
        await Promise.all(cluster.pods.map((pod) => pod.kill()));
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function enrol(mint: SignInMint, url: string, students: number): Promise<void> {
  const database = await openDatabase({ url, entities: [] });
  try {
    await mint.enrol(database, students);
  } finally {
    await database.close();
  }
}
