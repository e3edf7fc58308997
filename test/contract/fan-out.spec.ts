import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { startRedis } from '../../load/servers/redis';
import { waitFor } from '../../load/support/wait-for';
import { FanOut } from '../../src/live/fan-out/fan-out';
import { RedisFanOut } from '../../src/live/fan-out/redis-fan-out';
import type { StudentNews } from '../../src/live/session';
import { RedisClients } from '../../src/redis/redis-clients';
import { startRedisCluster } from '../support/redis-cluster';

interface Stores {
  url: string;
  /** Of every server. */
  urls: string[];
  stop(): Promise<unknown>;
}

async function oneServer(maker: 'redis' | 'valkey'): Promise<Stores> {
  const server = await startRedis({ own: true, maker });
  return { url: server.url, urls: [server.url], stop: () => server.stop() };
}

async function cluster(maker: 'redis' | 'valkey'): Promise<Stores> {
  const servers = await startRedisCluster({ maker });
  const url = `redis+cluster://${servers.addresses.map(({ host, port }) => `${host}:${port}`).join(',')}`;
  return { url, urls: servers.nodes.map((node) => node.url), stop: () => servers.stop() };
}

/** A pod without a door, and what it has heard. */
class Pod {
  readonly told: StudentNews[] = [];
  readonly seats: string[] = [];
  readonly fanOut: FanOut;
  private readonly clients: RedisClients;

  constructor(url: string) {
    this.clients = new RedisClients(url);
    this.fanOut = new FanOut(new RedisFanOut(this.clients));
    this.fanOut.bind(new Server());
    this.fanOut.onStudentsTold((news) => this.told.push(...news));
    this.fanOut.onSeatsChanged((termId) => this.seats.push(termId));
  }

  async start(): Promise<this> {
    await this.clients.pubSubReady();
    return this;
  }

  stop(): void {
    this.clients.close();
  }
}

const newsOf = (studentId: string, version = 1): StudentNews => [
  studentId,
  'cart:changed',
  { termId: '20251', version },
];

describe.each([
  ['Redis', () => oneServer('redis')],
  ['a Redis Cluster', () => cluster('redis')],
  ['a Valkey Cluster', () => cluster('valkey')],
])('what pods tell each other through %s', (_, start) => {
  let stores: Stores;
  let pods: [Pod, Pod, Pod];
  let servers: Redis[];

  beforeAll(async () => {
    stores = await start();
    servers = stores.urls.map((url) => new Redis(url));
    const make = (): Promise<Pod> => new Pod(stores.url).start();
    pods = [await make(), await make(), await make()];
    await hearEachOther(pods);
  });
  afterAll(async () => {
    for (const pod of pods) pod.stop();
    for (const server of servers) server.disconnect();
    await stores.stop();
  });
  beforeEach(() => {
    for (const { told } of pods) told.length = 0;
  });

  /** How many messages the servers have taken so far, plain and sharded. */
  const published = async (): Promise<number> => {
    const stats = await Promise.all(servers.map((server) => server.info('commandstats')));
    const calls = stats.flatMap((text) => [...text.matchAll(/cmdstat_s?publish:calls=(\d+)/g)]);
    return calls.reduce((sum, [, count]) => sum + Number(count), 0);
  };

  it('is one message for all students of a batch, which every pod hears once', async () => {
    const batch = Array.from({ length: 300 }, (_unused, index) => newsOf(`student-${index}`));
    const before = await published();
    pods[0].fanOut.tellStudents(batch);
    for (const { told } of pods) await waitFor(() => told.length >= batch.length, { what: 'the batch' });
    expect(pods.map(({ told }) => told)).toEqual([batch, batch, batch]);
    expect((await published()) - before).toBe(1);
  });

  it('is one message for the separate news of one turn of the event loop, in order', async () => {
    const before = await published();
    const news = [newsOf('first'), newsOf('second'), newsOf('first', 2)];
    for (const one of news) pods[1].fanOut.tellStudents([one]);
    for (const { told } of pods) await waitFor(() => told.length >= news.length, { what: 'the news' });
    expect(pods.map(({ told }) => told)).toEqual([news, news, news]);
    expect((await published()) - before).toBe(1);
  });

  it('is heard here at once, and before any answer of the store', () => {
    pods[2].fanOut.tellStudents([newsOf('here')]);
    expect(pods[2].told).toEqual([newsOf('here')]);
  });
});

/** A subscription takes its time to reach every node: each pod calls until all others have heard it. */
async function hearEachOther(pods: Pod[]): Promise<void> {
  for (const [index, pod] of pods.entries()) {
    const others = pods.filter((other) => other !== pod);
    const heard = (): boolean => {
      pod.fanOut.tellPodsOfSeats(`from ${index}`, []);
      return others.every(({ seats }) => seats.includes(`from ${index}`));
    };
    await waitFor(heard, { what: `pod ${index} to be heard` });
  }
}
