import fc from 'fast-check';
import { DomainError } from '../../../src/common/domain-error';
import type { LineEvent } from '../../../src/line/line-store';
import { startRedis } from '../../../load/servers/redis';
import { Bench, memoryEngine, redisEngine, uniqueRoom } from './engine';
import { unfairness } from './fairness';
import { LineFixture, SETTINGS, START } from './line-fixture';
import { Step, take, trace, view } from './trace';

/** A failing run prints its seed and path; `TRACE_SEED` runs it again. */
const seed = Number(process.env.TRACE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 20;
const LIMITS = { tickBatch: 3, socketsPerTicket: 3, feedBacklog: 60, feedKept: 10 };
const TRACE_SETTINGS = { ...SETTINGS, ratePerSecond: 3, capacity: 3, leaseMs: 9_000, graceMs: 4_000, noShowMs: 6_000 };

/** A line in its first epoch, or one that is being recovered. */
async function startLine(bench: Bench, roomId: string, recovering: boolean): Promise<LineFixture> {
  const line = await LineFixture.unopened(bench);
  line.ref = { roomId, epoch: recovering ? 2 : 1, incarnation: 'trace' };
  await line.setTime(START);
  if (recovering) {
    await line.open({ settings: TRACE_SETTINGS, firstNumber: 200, baseNumber: 50, restoredThrough: 99 });
    const base = { epoch: 1, joinedAt: 1 };
    await line.store.restore(line.ref, [
      { ...base, studentId: 's0', number: 50, state: 'waiting' },
      { ...base, studentId: 's1', number: 60, state: 'admitted', expiresAt: START + 7_000, acknowledged: true },
      { ...base, studentId: 's2', number: 61, state: 'admitted', expiresAt: START + 8_000, acknowledged: false },
    ]);
  } else {
    await line.open({ settings: { ...TRACE_SETTINGS, opensAt: START + 1_000 } });
  }
  await line.store.ready(line.ref, recovering ? 5_000 : 0);
  await line.register('a', 'b');
  return line;
}

async function answerOf(line: LineFixture, step: Step): Promise<unknown> {
  try {
    return await take(line, step);
  } catch (error) {
    if (error instanceof DomainError) return { refused: error.code };
    throw error;
  }
}

async function newEvents(line: LineFixture, seen: LineEvent[]): Promise<LineEvent[]> {
  const page = { limit: 5_000, waitMs: 0, knownDurable: 0 };
  const { events, trimmed } = await line.store.readFeed(line.ref, seen.at(-1)?.sequence ?? 0, page);
  if (trimmed) throw new Error('the trace is read after every step, and still it was trimmed');
  return events;
}

describe(`traces (TRACE_SEED=${seed})`, () => {
  const redis = redisEngine('redis', () => startRedis());
  let benches: [memory: Bench, redis: Bench];
  beforeAll(async () => {
    await redis.start();
    benches = [await memoryEngine.bench(LIMITS), await redis.bench(LIMITS)];
  });
  afterAll(async () => {
    for (const bench of benches) await bench.stop();
    await redis.stop();
  });

  it('give the same answers, events and snapshots in both engines, and are fair', async () => {
    const replay = fc.asyncProperty(trace, fc.boolean(), async (steps, recovering) => {
      const roomId = uniqueRoom();
      const memory = await startLine(benches[0], roomId, recovering);
      const twin = await startLine(benches[1], roomId, recovering);
      const events: LineEvent[] = [];
      for (const step of steps) {
        expect(await answerOf(twin, step)).toEqual(await answerOf(memory, step));
        const happened = await newEvents(memory, events);
        expect(await newEvents(twin, events)).toEqual(happened);
        events.push(...happened);
        expect(await view(twin)).toEqual(await view(memory));
      }
      expect(unfairness(events, memory.ref.epoch, recovering ? 200 : 1)).toEqual([]);
    });
    await fc.assert(replay, { seed, numRuns: RUNS, endOnFailure: process.env.TRACE_SHRINK === undefined });
  });
});
