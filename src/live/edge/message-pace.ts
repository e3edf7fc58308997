/** Messages a socket may send per second, in the long run: far more than any page does. */
export const MESSAGES_PER_SECOND = 10;
/** Messages it may send at once after being quiet. */
export const MESSAGES_AT_ONCE = 40;
/** Messages over the pace after which the socket is cut. */
const PATIENCE = 200;

export type PaceVerdict = 'take' | 'refuse' | 'cut';

/** How fast one socket may talk: a token bucket, and an end to patience. Takes the time (ms) as a parameter. */
export class MessagePace {
  private tokens = MESSAGES_AT_ONCE;
  private refused = 0;

  constructor(private at: number) {}

  next(now: number): PaceVerdict {
    // A clock that is put back takes nothing away.
    const gained = (Math.max(0, now - this.at) * MESSAGES_PER_SECOND) / 1_000;
    this.tokens = Math.min(MESSAGES_AT_ONCE, this.tokens + gained);
    this.at = now;
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return 'take';
    }
    this.refused += 1;
    return this.refused > PATIENCE ? 'cut' : 'refuse';
  }
}
