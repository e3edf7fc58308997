import { Redis } from 'ioredis';
import { randomId } from '../../../src/common/ids';
import type { LineLimits, LineStore } from '../../../src/line/line-store';
import { MemoryLineStore } from '../../../src/line/memory/memory-line-store';
import { RedisLineStore } from '../../../src/line/redis/redis-line-store';
import { RedisClient, RedisClients } from '../../../src/redis/redis-clients';
import { startRedisCluster } from '../../support/redis-cluster';

/** One engine's data, with a clock that the test sets. */
export interface Bench {
  /** The stores of two pods on the same data. */
  stores: [LineStore, LineStore];
  /** Sets the store's clock, for every line of the rooms named. */
  setTime(roomId: string, now: number): Promise<void>;
  /** The store comes back empty. */
  loseEverything(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes benches of one engine. */
export interface Engine {
  name: string;
  start(): Promise<void>;
  bench(limits?: Partial<LineLimits>): Promise<Bench>;
  stop(): Promise<void>;
}

export const memoryEngine: Engine = {
  name: 'memory',
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  bench: (limits) => Promise.resolve(memoryBench(limits)),
};

function memoryBench(limits?: Partial<LineLimits>): Bench {
  let now = 0;
  const create = (): LineStore => new MemoryLineStore(() => now, limits);
  const bench: Bench = {
    stores: [create(), create()],
    setTime: (_roomId, time) => Promise.resolve(void (now = time)),
    loseEverything: () => Promise.resolve(share()),
    stop: () => bench.stores[0].close(),
  };
  const share = (): void => {
    const store = create();
    bench.stores[0] = store;
    bench.stores[1] = store;
  };
  share();
  return bench;
}

/** Instead of TIME: µs that the test has set for the room. */
const TEST_CLOCK = `
local function storeTime()
  return tonumber(redis.call('GET', string.match(KEYS[1], '{.-}') .. ':clock'))
end
`;

/** @param start starts a server and gives its URL and how to end it */
export function redisEngine(name: string, start: () => Promise<{ url: string; stop: () => Promise<void> }>): Engine {
  let server: { url: string; stop: () => Promise<void> };
  return {
    name,
    start: async () => void (server = await start()),
    stop: () => server.stop(),
    bench: (limits) => redisBench(server.url, limits),
  };
}

/** Three masters of one maker. */
export function clusterEngine(maker: 'redis' | 'valkey'): Engine {
  return redisEngine(`${maker} cluster`, async () => {
    const cluster = await startRedisCluster({ maker });
    const nodes = cluster.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
    return { url: `redis+cluster://${nodes}`, stop: () => cluster.stop() };
  });
}

async function redisBench(url: string, limits?: Partial<LineLimits>): Promise<Bench> {
  // What the engine does with a server that does not answer has tests of its own; here none is given up for being slow.
  const patient = { commandTimeoutMs: 30_000 };
  const pods = [new RedisClients(url, patient), new RedisClients(url, patient)] as const;
  await Promise.all(pods.map((clients) => clients.ready()));
  const [first, second] = pods.map((clients) => {
    return new RedisLineStore(clients, { limits, includes: { clock: TEST_CLOCK } });
  });
  const stores: [LineStore, LineStore] = [first!, second!];
  const { commands } = pods[0];
  return {
    stores,
    setTime: async (roomId, now) => void (await commands.set(`{${roomId}}:clock`, now * 1_000)),
    loseEverything: () => flush(commands),
    stop: async () => {
      for (const store of stores) await store.close();
      for (const clients of pods) clients.close();
    },
  };
}

/** Forgets all lines and scripts of the bench's server, but not the clocks. */
async function flush(client: RedisClient): Promise<void> {
  const nodes = client instanceof Redis ? [client] : client.nodes('master');
  for (const node of nodes) {
    const keys = await node.keys('sunbeon:*');
    await Promise.all(keys.map((key) => node.del(key)));
    await node.script('FLUSH');
  }
}

/** A room id that no other test has. */
export function uniqueRoom(): string {
  return `test-${randomId()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, 'x')}`;
}
