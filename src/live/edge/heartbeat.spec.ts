import type { Connection } from './connection';
import { Heartbeat, type Pulse } from './heartbeat';

const INTERVAL_MS = 10_000;
const TIMEOUT_MS = 5_000;

/** Connections that answer at once, unless they are mute; what they were asked is noted with the time. */
class Crowd {
  readonly asked: { at: number; pulse: Pulse }[] = [];
  readonly lost: { at: number; pulse: Pulse }[] = [];
  readonly mute = new Set<Connection>();
  readonly pulses: Pulse[] = [];
  readonly heartbeat = new Heartbeat<Pulse>({
    intervalMs: INTERVAL_MS,
    timeoutMs: TIMEOUT_MS,
    ask: (connection) => {
      const pulse = this.pulses.find((one) => one.connection === connection) as Pulse;
      this.asked.push({ at: performance.now(), pulse });
      if (!this.mute.has(connection)) pulse.askedAt = 0;
    },
    lose: (pulse) => {
      this.lost.push({ at: performance.now(), pulse });
      Object.assign(pulse.connection, { readyState: 'closed' });
    },
  });

  come(count: number): Pulse[] {
    const came = Array.from({ length: count }, (): Pulse => {
      return { connection: { readyState: 'open' } as Connection, askedAt: 0 };
    });
    for (const pulse of came) this.heartbeat.add(pulse);
    this.pulses.push(...came);
    return came;
  }

  timesOf(pulse: Pulse): number[] {
    return this.asked.filter((ask) => ask.pulse === pulse).map(({ at }) => at);
  }
}

describe('the heartbeat', () => {
  let crowd: Crowd;

  beforeEach(() => {
    jest.useFakeTimers();
    crowd = new Crowd();
  });
  afterEach(() => {
    crowd.heartbeat.stop();
    jest.useRealTimers();
  });

  it('asks everybody once in an interval, first after half of it or more', () => {
    const came = crowd.come(100);
    const start = performance.now();
    jest.advanceTimersByTime(6 * INTERVAL_MS);
    for (const pulse of came) {
      const times = crowd.timesOf(pulse);
      expect(times[0]).toBeGreaterThanOrEqual(start + 0.45 * INTERVAL_MS);
      expect(times[0]).toBeLessThanOrEqual(start + INTERVAL_MS);
      for (let i = 1; i < times.length; i++) {
        const gap = (times[i] as number) - (times[i - 1] as number);
        expect(gap).toBeGreaterThan(0.9 * INTERVAL_MS);
        expect(gap).toBeLessThanOrEqual(INTERVAL_MS);
      }
    }
    expect(crowd.lost).toEqual([]);
  });

  it('asks those who came at once in batches that are spread over the interval', () => {
    crowd.come(1_000);
    jest.advanceTimersByTime(INTERVAL_MS);
    const sizes = new Map<number, number>();
    for (const { at } of crowd.asked) sizes.set(at, (sizes.get(at) ?? 0) + 1);
    expect(sizes.size).toBeGreaterThan(10);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(100);
  });

  it('notices one that is lost within interval and timeout, and not before its time to answer is over', () => {
    const came = crowd.come(100);
    jest.advanceTimersByTime(3 * INTERVAL_MS);
    crowd.asked.length = 0;
    for (const { connection } of came) crowd.mute.add(connection);
    const silentSince = performance.now();
    jest.advanceTimersByTime(INTERVAL_MS + TIMEOUT_MS);
    expect(crowd.lost).toHaveLength(100);
    for (const { at, pulse } of crowd.lost) {
      const [asked] = crowd.timesOf(pulse) as [number];
      expect(crowd.timesOf(pulse)).toHaveLength(1);
      expect(at - asked).toBeGreaterThanOrEqual(TIMEOUT_MS);
      expect(at - silentSince).toBeLessThanOrEqual(INTERVAL_MS + TIMEOUT_MS);
    }
  });

  it('takes nobody for lost who answers late, but in time', () => {
    const [pulse] = crowd.come(1) as [Pulse];
    crowd.mute.add(pulse.connection);
    while (crowd.asked.length === 0) jest.advanceTimersByTime(100);
    jest.advanceTimersByTime(TIMEOUT_MS - 200);
    pulse.askedAt = 0;
    jest.advanceTimersByTime(TIMEOUT_MS);
    expect(crowd.lost).toEqual([]);
  });

  it('forgets who has gone', () => {
    const pulse: Pulse = { connection: { readyState: 'open' } as Connection, askedAt: 0 };
    crowd.heartbeat.add(pulse)();
    jest.advanceTimersByTime(2 * INTERVAL_MS);
    expect(crowd.asked).toEqual([]);
  });

  it('asks nobody twice for a pause of the process that was longer than the interval', () => {
    for (let tenth = 0; tenth < 100; tenth += 1) {
      crowd.come(3);
      jest.advanceTimersByTime(INTERVAL_MS / 100);
    }
    crowd.asked.length = 0;
    const pausedAt = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => pausedAt + 5 * INTERVAL_MS);
    jest.advanceTimersByTime(INTERVAL_MS / 4);
    for (const pulse of crowd.pulses) expect(crowd.timesOf(pulse)).toHaveLength(1);
    jest.restoreAllMocks();
  });
});
