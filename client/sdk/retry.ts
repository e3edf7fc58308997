import { type RetryWorld, withRetries } from '../../src/common/retry';
import { asSunbeonError, type SunbeonError } from './sunbeon-error';

export interface RetryOptions {
  /** Gives up and throws the last error when this many attempts failed. */
  attempts?: number;
  /** Asked before each further attempt; false throws the last error. */
  goOn?: () => boolean;
  /** Told of every failure that will be tried again. */
  onRetry?: (error: Error) => void;
}

const BACK_OFF = { firstPauseMs: 500, longestPauseMs: 8_000 };

/** Runs `attempt` until it answers, fails for good, or the options say stop. Only retryable errors are tried again. */
export function retrying<T>(attempt: () => Promise<T>, options: RetryOptions = {}, world?: RetryWorld): Promise<T> {
  const { attempts, goOn = () => true, onRetry } = options;
  let failure: SunbeonError | undefined;
  const again = (): boolean => {
    if (!failure?.retryable || !goOn()) return false;
    onRetry?.(failure);
    return true;
  };
  const work = async (): Promise<T> => {
    // Nobody may want the answer any more after the pause.
    if (failure && !goOn()) throw failure;
    try {
      return await attempt();
    } catch (thrown) {
      throw (failure = asSunbeonError(thrown));
    }
  };
  return withRetries({ ...BACK_OFF, attempts }, again, work, world);
}

/** A random key of 32 hexadecimal digits; works without a secure context too, unlike `crypto.randomUUID`. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
