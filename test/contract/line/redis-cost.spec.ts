import { randomId } from '../../../src/common/ids';
import type { LineRef } from '../../../src/line/line-store';
import { RedisLineStore } from '../../../src/line/redis/redis-line-store';
import { RedisClients } from '../../../src/redis/redis-clients';
import { startRedis } from '../../../load/servers/redis';
import { Service } from '../../../load/servers/service';
import { waitFor } from '../../../load/support/wait-for';
import { uniqueRoom } from './engine';
import { SETTINGS } from './line-fixture';

/** Commands of one audit of a line with one pod (include/audit.lua). */
const AUDIT = 13;
const QUIET = { ...SETTINGS, opensAt: 0, capacity: 0, leaseMs: 3_600_000 };

/** The Redis engine on the server's own clock: what it costs, and what it leaves behind. */
describe('the Redis engine on its server', () => {
  let server: Service;
  let clients: RedisClients;
  let store: RedisLineStore;

  beforeAll(async () => {
    server = await startRedis({ own: true });
    clients = new RedisClients(server.url, { commandTimeoutMs: 30_000 });
    await clients.ready();
    store = new RedisLineStore(clients);
  });
  afterAll(async () => {
    await store.close();
    clients.close();
    await server.stop();
  });

  const start = async (settings = SETTINGS): Promise<LineRef> => {
    const ref = { roomId: uniqueRoom(), epoch: 1, incarnation: randomId() };
    await store.open(ref, { settings, firstNumber: 1, baseNumber: 1, restoredThrough: 0 });
    await store.ready(ref, 0);
    await store.register(ref, 'a');
    return ref;
  };
  const crowd = (ref: LineRef, size: number) => {
    const students = Array.from({ length: size }, (_, i) => `s${i}`);
    const socket = { podId: 'a', socketId: 'tab' };
    return Promise.all(students.map((studentId) => store.join(ref, { studentId, socket, create: true })));
  };
  /** Calls of Redis commands so far, those inside scripts included. */
  const commandCalls = async (): Promise<number> => {
    const stats = await clients.commands.info('commandstats');
    const calls = [...stats.matchAll(/^cmdstat_(?!info)[^:]+:calls=(\d+)/gm)];
    return calls.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const costOfQuietTicks = async (ref: LineRef, ticks: number): Promise<number> => {
    const before = await commandCalls();
    for (let i = 0; i < ticks; i++) await store.tick(ref, 'a');
    return (await commandCalls()) - before;
  };

  it('needs the same few commands for a quiet tick with ten and with a thousand students', async () => {
    const costs: number[] = [];
    for (const size of [10, 1_000]) {
      const ref = await start(QUIET);
      await crowd(ref, size);
      await store.markDurable(ref, (await store.snapshot(ref)).sequence, 'a');
      await store.tick(ref, 'a');
      costs.push(await costOfQuietTicks(ref, 20));
    }
    const [few, many] = costs;
    // EVALSHA, TIME, HMGET, ZSCORE, HSET; once a second the heartbeat, and the audit
    expect(few).toBeLessThanOrEqual(20 * 5 + 1 + AUDIT);
    expect(Math.abs(many! - few!)).toBeLessThanOrEqual(1 + AUDIT);
  });

  it('needs four commands for a read of the feed, however much it brings', async () => {
    const ref = await start(QUIET);
    await crowd(ref, 50);
    await store.readFeed(ref, 0, { limit: 1, waitMs: 0, knownDurable: 0 });
    const before = await commandCalls();
    const page = await store.readFeed(ref, 0, { limit: 5_000, waitMs: 0, knownDurable: 0 });
    expect(page.events).toHaveLength(51);
    // EVALSHA, TIME, HMGET, XRANGE
    expect((await commandCalls()) - before).toBe(4);
  });

  it('waits for news of a hundred lines on one connection', async () => {
    const lines = await Promise.all(Array.from({ length: 100 }, () => start(QUIET)));
    const wait = { limit: 100, waitMs: 60_000, knownDurable: 0 };
    const pages = lines.map((ref) => store.readFeed(ref, 1, wait));
    const blocked = async (): Promise<string[]> => {
      const all = (await clients.commands.client('LIST')) as string;
      return all.split('\n').filter((client) => client.includes('name=sunbeon-blocking'));
    };
    await waitFor(async () => (await blocked()).some((client) => client.includes('cmd=xread')));
    await Promise.all(lines.map((ref, index) => (index % 2 ? store.markDurable(ref, 1, 'a') : crowd(ref, 1))));
    for (const [index, page] of (await Promise.all(pages)).entries()) {
      expect(page.events).toHaveLength(index % 2 ? 0 : 1);
      expect(page.durableSequence).toBe(index % 2);
    }
    expect(await blocked()).toHaveLength(1);
  });

  it('admits by the clock of the server', async () => {
    const before = Date.now();
    const ref = await start({ ...SETTINGS, opensAt: 0, ratePerSecond: 1_000 });
    await crowd(ref, 5);
    await waitFor(async () => (await store.tick(ref, 'a')).inside === 5);
    const ticket = await store.find(ref, 's0');
    expect(ticket!.joinedAt).toBeGreaterThanOrEqual(before);
    expect(ticket!.expiresAt).toBeLessThanOrEqual(Date.now() + SETTINGS.leaseMs);
  });

  it('keeps a whole room behind one hash tag, and lets a line that is no longer ticked go', async () => {
    const ref = await start({ ...SETTINGS, opensAt: 0 });
    const names = async () => (await clients.commands.keys(`*${ref.roomId}*`)).sort();
    await crowd(ref, 3);
    await store.detach(ref, [{ studentId: 's2', podId: 'a', socketId: 'tab' }]);
    await store.tick(ref, 'a');
    await store.markDurable(ref, 2, 'a');
    // keys are renewed once a minute: the first renewal came with the opening
    await clients.commands.hset(`sunbeon:{${ref.roomId}}:1:meta`, 'renewAt', 0);
    await store.tick(ref, 'a');
    expect((await names()).map((key) => key.replace(`sunbeon:{${ref.roomId}}:1:`, ''))).toEqual([
      ...['deadlines', 'durable', 'feed', 'inside', 'meta', 'pod-students', 'pods', 'present', 'sockets', 'tickets'],
      'waiting',
    ]);
    for (const key of await names()) expect(await clients.commands.ttl(key)).toBeGreaterThan(6 * 24 * 3_600);
    await store.discard(ref);
    expect(await names()).toEqual([]);
  });

  it('lets the line of a room go that was closed right after its opening', async () => {
    const ref = await start({ ...SETTINGS, opensAt: 0 });
    await crowd(ref, 3);
    await store.configure(ref, { ...SETTINGS, version: SETTINGS.version + 1, control: 'closed' });
    await waitFor(async () => {
      const { waiting, inside } = await store.tick(ref, 'a');
      return waiting + inside === 0;
    });
    for (const key of await clients.commands.keys(`*${ref.roomId}*`)) {
      expect(await clients.commands.ttl(key)).toBeGreaterThan(0);
    }
  });
});
