export interface KeyedPaceLimits {
  /** How much one may do at once after being quiet. */
  burst: number;
  /** And once more after each of these, ms. */
  eachMs: number;
  /** How many are remembered; the one that was quiet for the longest is forgotten first. */
  remembered: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** How often each of many may do something: a token bucket for each. Takes the time (ms) as a parameter. */
export class KeyedPace {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly limits: KeyedPaceLimits) {}

  /** Whether it is taken once more. */
  take(key: string, now: number): boolean {
    const { burst, eachMs, remembered } = this.limits;
    const known = this.buckets.get(key);
    // A clock that is put back takes nothing away.
    const gained = known ? Math.max(0, now - known.at) / eachMs : burst;
    const tokens = Math.min(burst, (known?.tokens ?? 0) + gained);
    const taken = tokens >= 1;
    this.buckets.delete(key);
    this.buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
    if (this.buckets.size > remembered) this.buckets.delete(this.buckets.keys().next().value as string);
    return taken;
  }
}
