import { PollingLoop } from './polling-loop';

/** A repetition whose rounds are counted, and end when the test says so. */
function underTest(pauseMs: number) {
  const rounds: (() => void)[] = [];
  const started = new Map<number, () => void>();
  const loop = new PollingLoop(
    () =>
      new Promise<void>((resolve) => {
        rounds.push(resolve);
        started.get(rounds.length)?.();
      }),
    () => pauseMs,
  );
  const round = (count: number): Promise<void> =>
    rounds.length >= count ? Promise.resolve() : new Promise((resolve) => started.set(count, resolve));
  return { loop, rounds, round };
}

describe('a polling loop', () => {
  it('begins at once, and begins again after its pause', async () => {
    const { loop, rounds, round } = underTest(0);
    loop.start();
    expect(rounds).toHaveLength(1);
    rounds[0]?.();
    await round(2);
    const stopped = loop.stop();
    rounds[1]?.();
    await stopped;
    expect(rounds).toHaveLength(2);
  });

  it('runs once at a time, however often it is started', async () => {
    const { loop, rounds } = underTest(0);
    loop.start();
    loop.start();
    expect(rounds).toHaveLength(1);
    const stopped = loop.stop();
    rounds[0]?.();
    await stopped;
  });

  it('waits for the work under way when it is stopped', async () => {
    const { loop, rounds } = underTest(0);
    loop.start();
    let isStopped = false;
    const stopped = loop.stop().then(() => (isStopped = true));
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    rounds[0]?.();
    await stopped;
  });

  it('does not wait for the end of a pause when it is stopped', async () => {
    const { loop, rounds } = underTest(3_600_000);
    loop.start();
    rounds[0]?.();
    await new Promise(setImmediate);
    await loop.stop();
    expect(rounds).toHaveLength(1);
  });

  it('tells its pause how long the work took, and counts the pause from then on', async () => {
    jest.useFakeTimers();
    try {
      const spent: number[] = [];
      const begun: number[] = [];
      const loop = new PollingLoop(
        async () => {
          begun.push(performance.now());
          await new Promise((resolve) => setTimeout(resolve, 400));
        },
        (spentMs) => {
          spent.push(spentMs);
          return 1_000 - spentMs;
        },
      );
      const start = performance.now();
      loop.start();
      await jest.advanceTimersByTimeAsync(2_500);
      const stopped = loop.stop();
      await jest.advanceTimersByTimeAsync(400);
      await stopped;
      expect(begun.map((at) => at - start)).toEqual([0, 1_000, 2_000]);
      expect(spent).toEqual([400, 400, 400]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('goes on after its pause when the work fails', async () => {
    jest.useFakeTimers();
    try {
      let rounds = 0;
      const loop = new PollingLoop(
        () => Promise.reject(new Error(`round ${(rounds += 1)}`)),
        () => 1_000,
      );
      loop.start();
      await jest.advanceTimersByTimeAsync(3_500);
      await loop.stop();
      expect(rounds).toBe(4);
    } finally {
      jest.useRealTimers();
    }
  });
});
