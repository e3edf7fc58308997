/**
 * How many new connections are taken per second: a token bucket of one second. Pure; takes the time (ms) as a parameter.
 *
 * A crowd that reconnects at once would otherwise cost everybody: each handshake takes about 0.3 ms of the one thread
 * that also pushes positions and commits seats.
 */
export class HandshakePace {
  private tokens: number;
  /** Refused since the bucket was last full, whoever came twice counted twice: at least how many are outside the door. */
  private outside = 0;
  private readonly mostOutside: number;

  /** @param longestMs nobody is told to wait longer: grace counts on clients that come back within it */
  constructor(
    private readonly perSecond: number,
    private at: number,
    longestMs: number,
  ) {
    this.tokens = perSecond;
    this.mostOutside = Math.floor((perSecond * longestMs) / 1_000) - 2;
  }

  /** Whether one more connection is taken now. */
  take(now: number): boolean {
    this.refill(now);
    if (this.tokens < 1) {
      this.outside = Math.min(this.mostOutside, this.outside + 1);
      return false;
    }
    this.tokens -= 1;
    this.outside = Math.max(0, this.outside - 1);
    return true;
  }

  /**
   * When somebody who is outside should try again, ms from now: 0 when there is room, else spread over the crowd's
   * length.
   */
  retryInMs(now: number, random: number): number {
    this.refill(now);
    if (this.tokens >= 1 && this.outside === 0) return 0;
    const crowdMs = ((Math.max(0, this.outside) + 1) * 1_000) / this.perSecond;
    return Math.ceil(crowdMs * random) + Math.ceil(1_000 / this.perSecond);
  }

  private refill(now: number): void {
    // A clock that is put back takes nothing away.
    this.tokens = Math.min(this.perSecond, this.tokens + (Math.max(0, now - this.at) * this.perSecond) / 1_000);
    this.at = now;
    if (this.tokens >= this.perSecond) this.outside = 0;
  }
}
