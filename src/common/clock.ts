/**
 * Milliseconds since the Unix epoch by this pod's clock. For display and pacing; order and expiry use the stores'
 * clocks.
 */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** Resolves after the given milliseconds; the timer does not keep the process alive. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    timer.unref();
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** A pause that is the given one on average, so that pods which started together drift apart, ms. */
export const jittered = (meanMs: number): number => meanMs * (0.5 + Math.random());

/** Time as work in the background has it; a test brings one that it moves by hand. */
export interface Timers {
  now: Clock;
  /** ms since some moment in the past; never goes back, whatever becomes of the clock. */
  elapsed(): number;
  /** As `sleep`. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemTimers: Timers = { now: systemClock, elapsed: () => performance.now(), sleep };
