import { pauseAfter, type RetryPolicy, withRetries } from './retry';

const BACK_OFF = { firstPauseMs: 1_000, longestPauseMs: 10_000 };

describe('the pause after a failed attempt', () => {
  it.each([
    { attempt: 1, random: 0, pauseMs: 500 },
    { attempt: 1, random: 1, pauseMs: 1_000 },
    { attempt: 2, random: 0, pauseMs: 1_000 },
    { attempt: 4, random: 1, pauseMs: 8_000 },
    { attempt: 5, random: 1, pauseMs: 10_000 },
    { attempt: 2_000, random: 0.5, pauseMs: 7_500 },
    { attempt: 2, random: 0, spread: 1, pauseMs: 0 },
    { attempt: 2, random: 0.5, spread: 1, pauseMs: 1_000 },
    { attempt: 3, random: 0.1, spread: 0, pauseMs: 4_000 },
  ])('is $pauseMs ms after attempt $attempt with luck $random and spread $spread', ({ pauseMs, ...given }) => {
    const { attempt, random, spread } = given;
    expect(pauseAfter(attempt, { ...BACK_OFF, spread }, random)).toBe(pauseMs);
  });
});

describe('retries', () => {
  /** Fails so often, then answers; nothing waits in earnest. */
  async function failing(times: number, policy: RetryPolicy, again: (error: unknown) => boolean = () => true) {
    const pauses: number[] = [];
    let attempts = 0;
    const work = async (): Promise<string> => {
      attempts += 1;
      if (attempts <= times) throw new Error(`attempt ${attempts}`);
      return 'done';
    };
    const world = { random: () => 1, pause: async (ms: number): Promise<void> => void pauses.push(ms) };
    const outcome = await withRetries(policy, again, work, world).catch((error: Error) => error.message);
    return { outcome, attempts, pauses };
  }

  it('go on until the work is done, with longer and longer pauses', async () => {
    const { outcome, pauses } = await failing(5, BACK_OFF);
    expect(outcome).toBe('done');
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000]);
  });

  it('give the last error when the attempts are used up, and do not wait for nothing', async () => {
    expect(await failing(5, { ...BACK_OFF, attempts: 3 })).toEqual({
      outcome: 'attempt 3',
      attempts: 3,
      pauses: [1_000, 2_000],
    });
  });

  it('stop at once when it is not worth it', async () => {
    const again = (error: unknown): boolean => (error as Error).message !== 'attempt 2';
    expect(await failing(5, BACK_OFF, again)).toMatchObject({ outcome: 'attempt 2', attempts: 2 });
  });
});
