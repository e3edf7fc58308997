import { asSunbeonError } from './sunbeon-error';

export interface RetryOptions {
  /** First pause, ms; it doubles up to `longestMs`. Every pause is drawn between half and all of it. */
  firstMs?: number;
  longestMs?: number;
  /** Gives up and throws the last error when this many attempts failed. */
  attempts?: number;
  /** Asked before each further attempt; false throws the last error. */
  goOn?: () => boolean;
  /** Told of every failure that will be tried again. */
  onRetry?: (error: Error) => void;
  random?: () => number;
  sleep?: (ms: number) => Promise<void>;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs `attempt` until it answers, fails for good, or the options say stop. Only retryable errors are tried again. */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { firstMs = 500, longestMs = 8000, attempts = Infinity, goOn = () => true } = options;
  const { random = Math.random, sleep = pause } = options;
  for (let failed = 1; ; failed += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = asSunbeonError(thrown);
      if (!error.retryable || failed >= attempts || !goOn()) throw error;
      options.onRetry?.(error);
      const longest = Math.min(longestMs, firstMs * 2 ** (failed - 1));
      await sleep(longest * (0.5 + random() / 2));
      if (!goOn()) throw error;
    }
  }
}

/** A random key of 32 hexadecimal digits; works without a secure context too, unlike `crypto.randomUUID`. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
