import { Logger } from '@nestjs/common';
import type { Socket } from 'node:net';
import { DomainError } from '../../../src/common/domain-error';
import { randomId } from '../../../src/common/ids';
import type { LineRef, LineStore, FeedReport } from '../../../src/line/line-store';
import { RedisLineStore } from '../../../src/line/redis/redis-line-store';
import { RedisClients } from '../../../src/redis/redis-clients';
import { RedisService, startRedis } from '../../../load/servers/redis';
import { waitFor } from '../../../load/support/wait-for';
import { uniqueRoom } from './engine';
import { ACT, NOTHING_SEEN, refusal, SETTINGS } from './line-fixture';

/** Longer than this process may stand still on a busy machine: a clock that runs out meanwhile looks like a silent server. */
const COMMAND_TIMEOUT_MS = 1_000;
/** How long a server that was started anew waits for the word of a pod; longer than a test takes to give it. */
const POD_TIMEOUT_MS = 3_000;

describe('the Redis engine in trouble', () => {
  let server: RedisService;
  let clients: RedisClients;
  let store: RedisLineStore;
  let ref: LineRef;

  beforeEach(async () => {
    server = await startRedis({ own: true, persistence: 'always' });
    clients = new RedisClients(server.url, { commandTimeoutMs: COMMAND_TIMEOUT_MS });
    await clients.ready();
    store = new RedisLineStore(clients, { limits: { podTimeoutMs: POD_TIMEOUT_MS } });
    ref = { roomId: uniqueRoom(), epoch: 1, incarnation: randomId() };
    await store.open(ref, { settings: SETTINGS, firstNumber: 1, baseNumber: 1, restoredThrough: 0 });
    await store.ready(ref, 0);
    await store.register(ref, 'a');
    await join('s1');
  });

  afterEach(async () => {
    await store.close();
    clients.close();
    await server.stop();
  });

  const join = (studentId: string) =>
    store.join(ref, { studentId, socket: { podId: 'a', socketId: 'tab' }, create: true });

  /** What the store says, with the word of pod a, and the trail's. */
  const standing = async (report: Partial<FeedReport> = {}, durable = 0) =>
    (await store.check(ref, { ...NOTHING_SEEN, podId: 'a', ...report }, durable)).state;
  const whole = async () => (await standing()) === 'held';

  const calls: [string, (line: LineStore) => Promise<unknown>][] = [
    ['open', (line) => line.open(ref, { settings: SETTINGS, firstNumber: 1, baseNumber: 1, restoredThrough: 0 })],
    ['restore', (line) => line.restore(ref, [])],
    ['ready', (line) => line.ready(ref, 0)],
    ['check', (line) => line.check(ref, { ...NOTHING_SEEN, podId: 'a' })],
    ['discard', (line) => line.discard({ ...ref, epoch: 9 })],
    ['configure', (line) => line.configure(ref, SETTINGS)],
    ['register', (line) => line.register(ref, 'a')],
    ['join', () => join('s1')],
    ['detach', (line) => line.detach(ref, [{ studentId: 's9', podId: 'a', socketId: 'tab' }])],
    ['end', (line) => line.end(ref, { studentId: 's9', number: 1 }, 'left')],
    ['acknowledge', (line) => line.acknowledge(ref, { studentId: 's9', number: 1 })],
    ['admitByHand', (line) => line.admitByHand(ref, 's9', ACT)],
    ['find', (line) => line.find(ref, 's1')],
    ['tick', (line) => line.tick(ref, 'a')],
    ['fencePod', (line) => line.fencePod(ref, 'a')],
    ['snapshot', (line) => line.snapshot(ref)],
    ['readFeed', (line) => line.readFeed(ref, 0, { limit: 1, waitMs: 0, knownDurable: 0 })],
    ['markDurable', (line) => line.markDurable(ref, 1, 'a')],
  ];
  const refusals = () => Promise.all(calls.map(async ([name, call]) => [name, await refusal(call(store))]));
  const all = (code: string) => calls.map(([name]) => [name, code]);

  it('refuses everything with line_unavailable while the server is dead, and goes on with its data by itself', async () => {
    await server.kill();
    await waitFor(async () => (await refusal(store.find(ref, 's1'))) === 'line_unavailable');
    expect(await refusals()).toEqual(all('line_unavailable'));
    await server.restart();
    await waitFor(whole);
    expect(await store.find(ref, 's1')).toMatchObject({ number: 1, state: 'waiting' });
    expect(await refusals()).toEqual(all('not refused'));
  });

  it('says line_recovering when the server has come back empty', async () => {
    await server.restart({ empty: true });
    await waitFor(async () => (await refusal(store.find(ref, 's1'))) === 'line_recovering');
    expect(await standing()).toBe('lost');
    expect(await refusal(join('s2'))).toBe('line_recovering');
  });

  it('refuses everything with line_unavailable while the server stands still, and goes on when it runs again', async () => {
    server.pause();
    expect(await refusals()).toEqual(all('line_unavailable'));
    server.resume();
    await waitFor(whole);
    expect(await refusals()).toEqual(all('not refused'));
    expect((await store.snapshot(ref)).nextNumber).toBe(2);
  });

  describe('started anew with its data', () => {
    const head = async () => (await store.snapshot(ref)).sequence;
    /** What pod a saw, and on which server, before the restart. */
    const report = async (): Promise<Partial<FeedReport>> => {
      const { server: on } = await store.check(ref, { ...NOTHING_SEEN, podId: 'a' });
      return { sequence: await head(), server: on };
    };
    const reachable = () => waitFor(async () => (await refusal(store.find(ref, 's1'))) !== 'not refused' && standing());

    it('shuts the line until every registered pod has found its own there, and then goes on where it was', async () => {
      await store.register(ref, 'b');
      const seen = await report();
      await server.restart();
      await reachable();
      expect(await standing(seen)).toBe('unsure');
      expect(await refusal(join('s2'))).toBe('line_unavailable');
      expect(await refusal(store.tick(ref, 'a'))).toBe('line_unavailable');
      expect(await refusal(store.readFeed(ref, 0, { limit: 1, waitMs: 0, knownDurable: 0 }))).toBe('line_unavailable');
      expect(await standing({ ...seen, podId: 'b' })).toBe('held');
      expect(await join('s2')).toMatchObject({ outcome: 'joined', ticket: { number: 2 } });
    });

    it('does not go on by the word of a pod that has not asked the trail', async () => {
      await server.restart();
      await waitFor(async () => (await store.check(ref, { ...NOTHING_SEEN, podId: 'a' })).state === 'unsure');
      expect((await store.check(ref, { ...NOTHING_SEEN, podId: 'a' })).state).toBe('unsure');
      expect(await refusal(join('s2'))).toBe('line_unavailable');
    });

    it('is lost when a pod stays silent, which may have seen more', async () => {
      await store.register(ref, 'b');
      const seen = await report();
      await server.restart();
      await reachable();
      await waitFor(async () => (await standing(seen)) === 'lost');
      expect(await standing({ ...seen, podId: 'b' })).toBe('lost');
    });

    it.each<[string, (seen: Partial<FeedReport>) => Promise<string>]>([
      ['a pod has seen it', (seen) => standing(seen)],
      ['the trail has it', ({ sequence = 0 }) => standing({}, sequence)],
      ['a student holds a ticket of it', () => standing({ number: 2 })],
    ])('is lost when its tail is not there, and %s', async (_name, check) => {
      server.keepData();
      await join('s2');
      const seen = await report();
      await server.restartFromKept();
      await waitFor(async () => (await refusal(store.find(ref, 's1'))) === 'line_unavailable' && (await check(seen)));
      expect(await standing()).toBe('lost');
      expect(await refusal(join('s3'))).toBe('line_recovering');
    });

    it('is not lost because a pod that had no answer yet already sees what the others go on with', async () => {
      await store.register(ref, 'b');
      const seen = await report();
      await server.restart();
      await reachable();
      expect(await standing(seen)).toBe('unsure');
      expect(await standing({ ...seen, podId: 'b' })).toBe('held');
      const joined = await join('s2');
      const latest = joined.sequence;
      expect(latest).toBeGreaterThan(seen.sequence ?? 0);
      expect(await standing({ ...seen, latest })).toBe('held');
      expect(await standing({ ...seen, latest: latest + 100 })).toBe('lost');
    });

    it('is lost also when a pod that it forgot comes late with what it has seen', async () => {
      const before = await report();
      server.keepData();
      await join('s2');
      const late = { ...(await report()), podId: 'late' };
      await server.restartFromKept();
      await waitFor(async () => (await standing(before)) === 'held');
      await Promise.all(['s3', 's4', 's5'].map(join));
      expect(await standing(late)).toBe('lost');
    });
  });

  it('ends a read that waits when the server dies', async () => {
    const { sequence } = await store.snapshot(ref);
    const refused = refusal(store.readFeed(ref, sequence, { limit: 1, waitMs: 600_000, knownDurable: 0 }));
    await waitFor(async () => {
      const waiting = (await clients.commands.client('LIST')) as string;
      return waiting.includes('cmd=xread');
    });
    await server.kill();
    expect(await refused).toBe('line_unavailable');
    await server.restart();
    await waitFor(whole);
    expect((await store.readFeed(ref, 0, { limit: 1, waitMs: 0, knownDurable: 0 })).events).toHaveLength(1);
  });

  it('keeps the new connection when the old one ended with a question open', async () => {
    server.pause();
    expect(await refusal(store.find(ref, 's1'))).toBe('line_unavailable');
    await server.kill();
    await server.restart();
    await waitFor(whole);
    const closed = jest.fn();
    clients.commands.on('close', closed);
    // Longer than any clock of the old connection runs.
    const until = Date.now() + 4 * COMMAND_TIMEOUT_MS;
    while (Date.now() < until) expect(await refusal(store.find(ref, 's1'))).toBe('not refused');
    expect(closed).not.toHaveBeenCalled();
  });

  it('connects again though its client, told to hurry while it was connecting, has ended', async () => {
    const { connector, stream } = clients.commands as unknown as {
      connector: { disconnect(): void };
      stream: Socket;
    };
    const ended = new Promise<void>((resolve) => clients.commands.once('end', resolve));
    clients.commands.once('connecting', () => connector.disconnect());
    stream.destroy();
    await ended;
    await waitFor(whole);
    expect(await refusal(store.find(ref, 's1'))).toBe('not refused');
  });

  it('sends its scripts again to a server that has forgotten them', async () => {
    await clients.commands.script('FLUSH');
    await Promise.all([join('s2'), join('s3'), store.tick(ref, 'a')]);
    expect((await store.snapshot(ref)).nextNumber).toBe(4);
  });

  describe('when one part of the line is taken away alone', () => {
    /** Somebody waits, somebody is away, somebody is inside and has not said a word. */
    beforeEach(async () => {
      await store.configure(ref, { ...SETTINGS, version: 2, opensAt: 0, capacity: 1, ratePerSecond: 1_000 });
      await Promise.all(['s2', 's3'].map(join));
      await store.detach(ref, [{ studentId: 's3', podId: 'a', socketId: 'tab' }]);
      await store.tick(ref, 'a');
    });
    const ticks = async () => (await refusal(store.tick(ref, 'a'))) === 'line_recovering';
    const parts = ['tickets', 'present', 'deadlines', 'inside', 'waiting', 'sockets', 'pods', 'pod-students', 'feed'];

    it.each(parts)('finds a line without its %s lost, and shuts it', async (part) => {
      await clients.commands.del(`sunbeon:{${ref.roomId}}:1:${part}`);
      await waitFor(ticks);
      expect(await standing()).toBe('lost');
      expect(await refusal(join('s4'))).toBe('line_recovering');
    });

    it.each(['present', 'tickets'])('ends the attempt to close a room without its %s', async (part) => {
      await store.configure(ref, { ...SETTINGS, version: 3, control: 'closed' });
      await clients.commands.del(`sunbeon:{${ref.roomId}}:1:${part}`);
      await waitFor(ticks);
      expect(await standing()).toBe('lost');
    });

    it('gives nobody a second place while the first is not known any more', async () => {
      await clients.commands.del(`sunbeon:{${ref.roomId}}:1:tickets`);
      expect(await refusal(join('s2'))).toBe('line_recovering');
      expect(await standing()).toBe('lost');
    });

    it.each(['votes', 'durable', 'claimed'])('goes on without its %s, in which nothing is lost', async (part) => {
      await clients.commands.del(`sunbeon:{${ref.roomId}}:1:${part}`);
      await clients.commands.hset(`sunbeon:{${ref.roomId}}:1:meta`, 'auditedAt', 0);
      await store.tick(ref, 'a');
      expect(await standing()).toBe('held');
    });
  });

  describe('tells the log', () => {
    const told: { code: string; reason?: string; keys?: string[] }[] = [];
    beforeEach(() => {
      const tell = (fields: (typeof told)[number]): number => told.push(fields);
      Logger.overrideLogger({ log: tell, warn: tell, error: tell });
    });
    afterEach(() => {
      told.length = 0;
      Logger.overrideLogger(true);
    });
    const many = () => Promise.all(Array.from({ length: 50 }, (_, index) => refusal(join(`many${index}`))));
    const reasons = () => told.filter(({ code }) => code === 'store_failing').map(({ reason }) => reason);

    it('why the server refuses, once for all calls, and that it is over', async () => {
      await clients.commands.config('SET', 'maxmemory', '1');
      expect(new Set(await many())).toEqual(new Set(['line_unavailable']));
      expect(new Set(await many())).toEqual(new Set(['line_unavailable']));
      expect(reasons()).toEqual([expect.stringContaining('OOM command not allowed')]);
      await clients.commands.config('SET', 'maxmemory', '0');
      const isOver = async () => (await join('s1')) && told.some(({ code }) => code === 'store_serving');
      await waitFor(isOver, { what: 'the end of the trouble' });
    });

    it('that a line is damaged, and in which part', async () => {
      await clients.commands.del(`sunbeon:{${ref.roomId}}:1:present`);
      await waitFor(async () => (await refusal(store.tick(ref, 'a'))) === 'line_recovering');
      expect(reasons()).toEqual([expect.stringContaining('present')]);
    });

    it('that a part of a line has become something else, which is damage, too', async () => {
      await clients.commands.set(`sunbeon:{${ref.roomId}}:1:durable`, 'no stream');
      await waitFor(async () => (await refusal(store.tick(ref, 'a'))) === 'line_recovering');
      expect(reasons()).toEqual([expect.stringContaining('durable: WRONGTYPE')]);
    });

    it('that one line’s feed cannot be followed, while the others are followed as before', async () => {
      const other = { roomId: uniqueRoom(), epoch: 1, incarnation: randomId() };
      await store.open(other, { settings: SETTINGS, firstNumber: 1, baseNumber: 1, restoredThrough: 0 });
      await store.ready(other, 0);
      await store.register(other, 'a');
      const key = `sunbeon:{${ref.roomId}}:1:durable`;
      await clients.commands.set(key, 'no stream');
      const connections = jest.spyOn(clients, 'blocking');
      const follow = (line: LineRef, after: number) =>
        store.readFeed(line, after, { limit: 10, waitMs: 1_500, knownDurable: 0 });
      const blind = follow(ref, 2);
      for (let after = 1; after <= 5; after += 1) {
        const followed = follow(other, after);
        const socket = { podId: 'a', socketId: 'tab' };
        await store.join(other, { studentId: `s${after}`, socket, create: true });
        expect((await followed).events).toHaveLength(1);
      }
      expect((await blind).events).toEqual([]);
      expect(connections.mock.calls.length).toBeLessThanOrEqual(1);
      expect(told.filter(({ keys }) => keys?.includes(key))).toHaveLength(1);
    });

    it('that there is no connection', async () => {
      await server.kill();
      await waitFor(async () => (await many()) && reasons().includes('there is no connection'));
      await server.restart();
    });

    it('that the server does not answer, each reason once', async () => {
      server.pause();
      await many();
      await many();
      server.resume();
      expect(reasons()).toEqual(expect.arrayContaining([expect.stringMatching(/timed out|no answer within/)]));
      expect(new Set(reasons()).size).toBe(reasons().length);
    });
  });

  it('does not say why a broken script failed', async () => {
    await clients.commands.set(`sunbeon:{${ref.roomId}}:1:tickets`, 'not a hash');
    const error = await store.find(ref, 's1').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DomainError);
    expect((error as DomainError).code).toBe('internal');
    expect((error as DomainError).message).not.toContain('WRONGTYPE');
  });
});
