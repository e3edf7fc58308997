/** Longest stretch that one tick may make up for: LINE_LIMITS.stallMs, and one tick more, ms. */
const TICK_SLACK_MS = 2_500;

/** No stretch of admissions may be faster than the rate, but for what one tick may catch up on, and one token. */
export class RateCheck {
  private perMs = 0;
  /** Level of a leaky bucket at `at`: admissions not yet paid for by the rate. */
  private level = 0;
  private at = 0;

  /** From here on another rate counts, with the level as it was. */
  restart(at: number, ratePerSecond: number): void {
    this.drain(at);
    this.perMs = ratePerSecond / 1_000;
  }

  /** Counts one admission; says by how much it is too fast, if it is. */
  admit(at: number): string | undefined {
    this.drain(at);
    this.level += 1;
    const allowed = 1 + this.perMs * TICK_SLACK_MS + 1e-6;
    return this.level > allowed ? `${this.level.toFixed(2)} at once, ${allowed.toFixed(2)} allowed` : undefined;
  }

  private drain(at: number): void {
    this.level = Math.max(0, this.level - (at - this.at) * this.perMs);
    this.at = at;
  }
}
