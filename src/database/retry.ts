import { setTimeout as pause } from 'node:timers/promises';

export interface RetryPolicy {
  /** How often to try in all, at least 1. */
  attempts: number;
  /** Ceiling of the first pause, ms; it doubles with each attempt. */
  firstPauseMs: number;
  /** Ceiling of every pause, ms. */
  longestPauseMs: number;
}

/**
 * Runs `work` again as long as `again` says so and attempts remain. Pauses have full jitter: a random time between 0 and
 * a ceiling that doubles.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  again: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= policy.attempts || !again(error)) throw error;
      await pause(Math.random() * Math.min(policy.firstPauseMs * 2 ** (attempt - 1), policy.longestPauseMs));
    }
  }
}
