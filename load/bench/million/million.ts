import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { randomId } from '../../../src/common/ids';
import { lineSettings } from '../../../src/line/line-settings';
import type { LineRef } from '../../../src/line/line-store';
import { lineKey } from '../../../src/line/redis/keys';
import { RedisLineStore } from '../../../src/line/redis/redis-line-store';
import { RedisClients } from '../../../src/redis/redis-clients';
import { startRedis, withRedis } from '../../servers/redis';
import { splitCores, pin } from '../../support/cores';
import { waitFor } from '../../support/wait-for';
import type { Bench, BenchReport } from '../bench';
import { cpuMsOf } from '../cpu';
import { roomOf } from '../recover/long-trail';
import { rounded } from '../spread';
import { type Keep, withParts } from '../turns';
import type { FollowerReport } from './follower';
import { RawJoins, recordJoin } from './raw-joins';
import { type Costs, FEED_SHARE, tableOf } from './table';

const FULL = 1_000_000;
const QUICK = 50_000;
/** As the trail's writer takes them. */
const WRITER_PAGE = 1_000;
/** The line refuses joins when twice as many wait for the trail. */
const MOST_BEHIND = 50_000;
const PATIENCE_MS = 600_000;
/** The newest events are read so many times over. */
const READINGS = 50;
const READ_PAGE = 2_000;
const KEPT = 10_000;

export const millionBench: Bench = {
  name: 'million',
  summary: 'one Redis takes the joins of a million, and a pod follows all of them: what each costs, and what it takes',
  run: ({ quick, students = quick ? QUICK : FULL, say }) =>
    withParts(async (keep) => {
      const figures: Record<string, number> = {};
      const notes = [`${students} students join by the script that pods call, as fast as the server answers`];
      let rows: BenchReport['rows'] = [];
      for (const maker of ['redis', 'valkey'] as const) {
        const costs = await measure(keep, maker, students);
        say(`${maker}: ${JSON.stringify(costs)}`);
        const prefix = maker === 'redis' ? '' : maker;
        for (const [name, value] of Object.entries(costs)) figures[prefix + name] = rounded(value);
        if (maker === 'redis') rows = tableOf(costs);
      }
      return { figures, rows, notes: [...notes, ...NOTES], targets: TARGETS };
    }),
};

const NOTES = [
  'joins per second: what one core of Redis takes, by its CPU time, with the trail’s writer and one pod that reads',
  'the table is of the figures for Redis: joins spread over a minute, pods of 20,000 sockets, each of which reads the whole feed',
  `a core that is used for more than ${FEED_SHARE * 100} % is said to be full`,
];

const TARGETS: BenchReport['targets'] = [
  { figure: 'joinsPerSecond', what: 'joins per second, by the CPU of Redis', limit: 20_000, sense: 'at least' },
  { figure: 'bytesPerTicket', what: 'bytes of Redis for a ticket', limit: 400, sense: 'at most' },
  { figure: 'followMicros', what: 'µs of a pod’s CPU for an event of the feed', limit: 10, sense: 'at most' },
  { figure: 'lagMs', what: 'ms by which the pod is behind, 99th percentile', limit: 1_000, sense: 'at most' },
];

async function measure(keep: Keep, maker: 'redis' | 'valkey', students: number): Promise<Costs> {
  const server = await keep(startRedis({ own: true, maker }));
  const cores = splitCores();
  if (server.pid) pin(server.pid, cores.server);
  const clients = new RedisClients(server.url);
  await clients.ready();
  const store = new RedisLineStore(clients);
  try {
    const ref = await openLine(store);
    const podId = randomId();
    await store.register(ref, podId);
    const joins = await RawJoins.open(server.port, await recordJoin(clients, store, ref, podId));
    const follower = await keep(Follower.start(server.url, ref));
    return await withRedis(server.url, async (redis) => {
      const writer = new Writer(store, ref);
      await writer.writeThrough(await follower.sequence());
      const before = await factsOf(redis, ref, server.pid);
      const followerBefore = await follower.report();
      const startedAt = performance.now();
      const run = joins.run(students, (answered) => answered - writer.durable < MOST_BEHIND);
      await Promise.all([run, writer.writeThrough(before.sequence + students)]);
      const seconds = (performance.now() - startedAt) / 1_000;
      joins.close();
      if (joins.refused > 0) throw new Error('the line has refused joins');
      await follower.follows(before.sequence + students);
      const [after, followed] = [await factsOf(redis, ref, server.pid), await follower.report()];
      const each = (value: number): number => value / students;
      const reading = await readOver(store, redis, ref, after.sequence, server.pid);
      const joinMicros = each((after.cpuMs - before.cpuMs) * 1_000);
      return {
        joinsPerSecond: 1_000_000 / joinMicros,
        joinsPerSecondSeen: students / seconds,
        joinMicros,
        bytesPerTicket: each(after.bytes - before.bytes - (after.feedBytes - before.feedBytes)),
        feedBytesPerEvent: after.feedBytes / Math.min(KEPT, after.sequence),
        ...reading,
        followMicros: each((followed.cpuMs - followerBefore.cpuMs) * 1_000),
        lagMs: followed.lag.p99,
        lagMostMs: followed.lag.most,
        followerMib: followed.rssMib,
        followerGrowthMib: followed.rssMib - followerBefore.rssMib,
      };
    });
  } finally {
    await store.close();
    clients.close();
  }
}

async function openLine(store: RedisLineStore): Promise<LineRef> {
  const ref = { roomId: 'million', epoch: 1, incarnation: randomId() };
  const settings = { ...lineSettings(roomOf(ref.roomId)), ratePerSecond: 0 };
  await store.open(ref, { settings, firstNumber: 1, baseNumber: 1, restoredThrough: 0 });
  await store.ready(ref, 0);
  return ref;
}

interface Facts {
  bytes: number;
  feedBytes: number;
  cpuMs: number;
  sequence: number;
}

async function factsOf(redis: Redis, ref: LineRef, pid: number): Promise<Facts> {
  const bytes = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const feedBytes = Number(await redis.memory('USAGE', lineKey(ref, 'feed'), 'SAMPLES', 0));
  const sequence = Number(await redis.hget(lineKey(ref, 'meta'), 'sequence'));
  return { bytes, feedBytes, cpuMs: cpuMsOf(pid), sequence };
}

/** What it costs Redis that one more pod reads the feed: the newest events, read over and over. */
async function readOver(
  store: RedisLineStore,
  redis: Redis,
  ref: LineRef,
  sequence: number,
  pid: number,
): Promise<Pick<Costs, 'readMicros' | 'readBytes'>> {
  const sent = async (): Promise<number> => Number(/total_net_output_bytes:(\d+)/.exec(await redis.info('stats'))?.[1]);
  const [cpuBefore, bytesBefore] = [cpuMsOf(pid), await sent()];
  let events = 0;
  for (let reading = 0; reading < READINGS; reading += 1) {
    for (let after = Math.max(0, sequence - KEPT); after < sequence; after += READ_PAGE) {
      const page = await store.readFeed(ref, after, { limit: READ_PAGE, waitMs: 0, knownDurable: 0 });
      events += page.events.length;
    }
  }
  return {
    readMicros: ((cpuMsOf(pid) - cpuBefore) * 1_000) / events,
    readBytes: ((await sent()) - bytesBefore) / events,
  };
}

/** Takes the feed as the trail's writer does, and says that the trail has it. */
class Writer {
  durable = 0;

  constructor(
    private readonly store: RedisLineStore,
    private readonly ref: LineRef,
  ) {}

  async writeThrough(sequence: number): Promise<void> {
    while (this.durable < sequence) {
      const page = { limit: WRITER_PAGE, waitMs: 1_000, knownDurable: this.durable };
      const last = (await this.store.readFeed(this.ref, this.durable, page)).events.at(-1);
      if (!last) continue;
      await this.store.markDurable(this.ref, last.sequence, 'writer');
      this.durable = last.sequence;
    }
  }
}

/** The pod that follows, from outside. */
class Follower {
  private constructor(private readonly child: ChildProcess) {}

  static async start(url: string, ref: LineRef): Promise<Follower> {
    const execArgv = ['--require', '@swc-node/register'];
    const given = [JSON.stringify({ url, ref })];
    const child = fork(join(__dirname, 'follower.ts'), given, {
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const follower = new Follower(child);
    await waitFor(async () => (await follower.sequence()) > 0, { what: 'the follower', timeoutMs: PATIENCE_MS });
    return follower;
  }

  report(): Promise<FollowerReport> {
    return new Promise((resolve, reject) => {
      this.child.once('message', (report) => resolve(report as FollowerReport));
      this.child.send('report', (error) => error && reject(error));
    });
  }

  async sequence(): Promise<number> {
    return (await this.report()).sequence;
  }

  async follows(sequence: number): Promise<void> {
    const isThere = async (): Promise<boolean> => (await this.sequence()) >= sequence;
    await waitFor(isThere, { what: 'the follower to have it all', timeoutMs: PATIENCE_MS });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}
