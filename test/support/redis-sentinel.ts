import { Redis } from 'ioredis';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { ManagedProcess } from '../../load/servers/managed-process';
import { freePorts } from '../../load/servers/ports';
import { startRedis, withRedis } from '../../load/servers/redis';
import { Service } from '../../load/servers/service';
import { temporaryDirectory } from '../../load/servers/temporary-directory';
import { waitFor } from '../../load/support/wait-for';

const MASTER = 'line-master';
const SENTINELS = 3;
const QUORUM = 2;
/** Longer than a server that is well may stand still on a busy machine. */
const DOWN_AFTER_MS = 3_000;

export interface RedisSentinel {
  /** For REDIS_URL. */
  url: string;
  /**
   * Kills the master, and waits until its replica is one. What `lose` does meanwhile reaches the replica no more.
   * Afterwards the old master runs again, as the replica, with all the data.
   */
  failOver(lose?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** A master, a replica that has all its data, and three sentinels that know both. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(stops.splice(0).map((end) => end())));
  try {
    let master: Service = await startRedis({ own: true });
    stops.push(() => master.stop());
    let replica: Service = await startRedis({ own: true });
    stops.push(() => replica.stop());
    await follow(replica, master);
    const ports = await freePorts(SENTINELS);
    for (const port of ports) stops.push(await startSentinel(port, master.port));
    const sentinels = ports.map((port) => `redis://127.0.0.1:${port}`);
    await Promise.all(sentinels.map((url) => withRedis(url, untilAllAreKnown)));
    const failOver = async (lose?: () => Promise<void>): Promise<void> => {
      if (lose) await withRedis(replica.url, (client) => client.replicaof('127.0.0.1', 1));
      await lose?.();
      await master.kill();
      await untilPromoted(replica, sentinels);
      [master, replica] = [replica, master];
      await replica.restart();
      await follow(replica, master);
    };
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    return { url: `redis+sentinel://${hosts}/${MASTER}`, failOver, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves once the replica has everything. */
async function follow(replica: Service, master: Service): Promise<void> {
  await withRedis(replica.url, async (client) => {
    await client.replicaof('127.0.0.1', master.port);
    const linked = async (): Promise<boolean> => (await client.info('replication')).includes('master_link_status:up');
    await waitFor(linked, { what: 'the replica to have everything' });
  });
}

async function untilPromoted(replica: Service, sentinels: string[]): Promise<void> {
  const promoted = async (): Promise<boolean> => {
    const named = await Promise.all(sentinels.map((url) => withRedis(url, nameMaster)));
    return named.every((port) => port === replica.port) && (await withRedis(replica.url, roleOf)) === 'master';
  };
  await waitFor(promoted, { what: 'the replica to be promoted', intervalMs: 100 });
}

async function startSentinel(port: number, masterPort: number): Promise<() => Promise<unknown>> {
  const directory = temporaryDirectory('sentinel');
  const configuration = join(directory.path, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory.path}`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} ${QUORUM}`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 5000`,
  ];
  writeFileSync(configuration, lines.join('\n') + '\n');
  const process = await ManagedProcess.start({
    name: 'sentinel',
    command: 'redis-server',
    args: [configuration, '--sentinel'],
  });
  await withRedis(`redis://127.0.0.1:${port}`, (client) =>
    process.untilReady(async () => (await client.ping()) === 'PONG'),
  );
  return async () => {
    await process.kill();
    directory.remove();
  };
}

async function nameMaster(client: Redis): Promise<number> {
  const [, port] = (await client.call('SENTINEL', 'get-master-addr-by-name', MASTER)) as [string, string];
  return Number(port);
}

async function untilAllAreKnown(client: Redis): Promise<void> {
  const count = async (what: 'replicas' | 'sentinels'): Promise<number> =>
    ((await client.call('SENTINEL', what, MASTER)) as unknown[]).length;
  const known = async (): Promise<boolean> =>
    (await count('replicas')) === 1 && (await count('sentinels')) === SENTINELS - 1;
  await waitFor(known, { what: 'the sentinels to know each other' });
}

async function roleOf(client: Redis): Promise<string> {
  return ((await client.role()) as [string])[0];
}
