/** How often something may be done: a token bucket. */
export interface RateLimit {
  /** How often at once after a quiet time; at least 1. */
  burst: number;
  /** In the long run so often in each period; more than 0. */
  count: number;
  /** Length of that period, ms; more than 0. */
  periodMs: number;
}

/**
 * Says whether one more is within a rate. Pure: every call gives the time, in ms of any clock. Bursts pass, what goes on
 * above the rate does not, and nothing is saved beyond one burst. A clock that is put back takes nothing away.
 */
export class RateLimiter {
  private tokens: number;

  /** @param at now, ms: it starts with a whole burst */
  constructor(
    private readonly limit: RateLimit,
    private at: number,
  ) {
    this.tokens = limit.burst;
  }

  /** Takes one, if there is one. @param now ms @returns whether there was */
  take(now: number): boolean {
    if (this.available(now) < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** How many can be taken; less than 1: none yet, but a part of one is earned. @param now ms @returns 0 to `burst` */
  available(now: number): number {
    const { burst, count, periodMs } = this.limit;
    this.tokens = Math.min(burst, this.tokens + (Math.max(0, now - this.at) * count) / periodMs);
    this.at = now;
    return this.tokens;
  }
}

export interface KeyedRateLimit extends RateLimit {
  /** How many keys are remembered; the one that was quiet for the longest is forgotten first, and has a burst again. */
  mostKeys: number;
}

/** The same for each of many (students, addresses), in bounded memory. Pure as well. */
export class KeyedRateLimiter {
  private readonly limiters = new Map<string, RateLimiter>();

  constructor(private readonly limit: KeyedRateLimit) {}

  /** Takes one of this key's, if there is one. @param now ms @returns whether there was */
  take(key: string, now: number): boolean {
    const limiter = this.limiters.get(key) ?? new RateLimiter(this.limit, now);
    // A Map keeps the order of insertion: the first is always the one that was quiet for the longest.
    this.limiters.delete(key);
    this.limiters.set(key, limiter);
    if (this.limiters.size > this.limit.mostKeys) this.limiters.delete(this.limiters.keys().next().value as string);
    return limiter.take(now);
  }
}
