/** How long to wait between attempts. */
export interface BackOff {
  /** Ceiling of the first pause, ms; it doubles with each attempt. */
  firstPauseMs: number;
  /** Ceiling of every pause, ms. */
  longestPauseMs: number;
  /**
   * How much of a pause is drawn by lot, so that what failed together does not come back together: 0 to 1. All of it
   * spreads best, but may try again at once; half of it never does. Default 0.5.
   */
  spread?: number;
}

export interface RetryPolicy extends BackOff {
  /** How often to try in all, at least 1. Default: for ever. */
  attempts?: number;
}

/** What chance and time are; a test brings its own. */
export interface RetryWorld {
  /** 0 to 1. */
  random: () => number;
  pause: (ms: number) => Promise<void>;
}

/** A time within the span, drawn by lot, ms. */
export const between = ({ least, most }: { least: number; most: number }, random = Math.random()): number =>
  least + (most - least) * random;

/** Unlike `sleep`, it keeps the process alive: somebody waits for what comes after it. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * How long to wait after failed attempt number `attempt` (from 1), ms.
 *
 * @param random 0 to 1
 */
export function pauseAfter(
  attempt: number,
  { firstPauseMs, longestPauseMs, spread = 0.5 }: BackOff,
  random = Math.random(),
): number {
  const ceiling = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  return between({ least: ceiling * (1 - spread), most: ceiling }, random);
}

/**
 * Does `work` again, after a pause, as long as `again` says so and attempts remain; else throws what was thrown last.
 *
 * @param again asked after each failure that is not the last one, before the pause
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  again: (error: unknown) => boolean,
  work: () => Promise<T>,
  { random, pause: wait }: RetryWorld = { random: Math.random, pause },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= (policy.attempts ?? Infinity) || !again(error)) throw error;
      await wait(pauseAfter(attempt, policy, random()));
    }
  }
}
