import { type BackOff, type RetryWorld, withRetries } from '../../src/common/retry';
import { PAGE_PACE } from './pace';
import { asSunbeonError, type SunbeonError } from './sunbeon-error';

export interface RetryOptions {
  /** Gives up and throws the last error when this many attempts failed. */
  attempts?: number;
  /** Between the attempts; that of a page by default. */
  backOff?: BackOff;
  /** Asked before each further attempt; false throws the last error. */
  goOn?: () => boolean;
  /** Told of every failure that will be tried again. */
  onRetry?: (error: Error) => void;
}

/** Runs `attempt` until it answers, fails for good, or the options say stop. Only retryable errors are tried again. */
export function retrying<T>(attempt: () => Promise<T>, options: RetryOptions = {}, world?: RetryWorld): Promise<T> {
  const { attempts, backOff = PAGE_PACE.retry, goOn = () => true, onRetry } = options;
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
  return withRetries({ ...backOff, attempts }, again, work, world);
}

/** What one client tries again and waits for; all of it ends with the client. */
export class Tries {
  private readonly pauses = new Map<ReturnType<typeof setTimeout>, () => void>();
  private isOver = false;

  constructor(private readonly backOff: BackOff = PAGE_PACE.retry) {}

  /** As `retrying`, until the client ends. */
  again<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
    const goOn = (): boolean => !this.isOver && (options.goOn?.() ?? true);
    return retrying(attempt, { backOff: this.backOff, ...options, goOn }, { random: Math.random, pause: this.pause });
  }

  /** Ends early with the client. */
  readonly pause = (ms: number): Promise<void> => {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.pauses.delete(timer);
        resolve();
      }, ms);
      this.pauses.set(timer, resolve);
    });
  };

  end(): void {
    this.isOver = true;
    for (const [timer, resolve] of this.pauses) {
      clearTimeout(timer);
      resolve();
    }
    this.pauses.clear();
  }
}

/** A random key of 32 hexadecimal digits; works without a secure context too, unlike `crypto.randomUUID`. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
