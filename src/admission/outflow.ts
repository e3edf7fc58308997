/** When the outflow is cut, and how it comes back. Times in ms. */
export interface OutflowOptions {
  /** Seat commits that take longer than this, in the median of one window, are too slow. */
  slowMs: number;
  /** How long commits are watched before they are judged. */
  windowMs: number;
  /** Calm windows before each step up. */
  calmWindows: number;
}

const OUTFLOW_DEFAULTS: OutflowOptions = { slowMs: 1_000, windowMs: 1_000, calmWindows: 3 };

/**
 * The least share of the policy's rate: some must still be let in, or nobody would ever show that commits are well
 * again.
 */
const LEAST = 0.05;
/** A slow or failing window halves the share; each step up adds a tenth. */
const CUT = 0.5;
const STEP = 0.1;

/**
 * What share of the policy's rate this pod admits at, by how its seat commits go: cut at once when they slow down or
 * fail, and given back in steps (additive increase, multiplicative decrease, as TCP does; Chiu and Jain 1989). Pure:
 * takes the time (ms) as a parameter.
 */
export class Outflow {
  private share = 1;
  private windowEnd = 0;
  private durations: number[] = [];
  private failures = 0;
  private calm = 0;

  constructor(private readonly options: OutflowOptions = OUTFLOW_DEFAULTS) {}

  /** One transaction of the seat ledger has ended. */
  observe(durationMs: number, failed: boolean, now: number): void {
    this.turnWindow(now);
    this.durations.push(durationMs);
    if (failed) this.failures += 1;
  }

  /** The share of the policy's rate to admit at now, 0.05 to 1. */
  current(now: number): number {
    this.turnWindow(now);
    return this.share;
  }

  private turnWindow(now: number): void {
    if (this.windowEnd === 0) this.windowEnd = now + this.options.windowMs;
    const left = this.windowEnd - now;
    // More than a window is left only where the clock was put back: it ends all the same.
    if (left > 0 && left <= this.options.windowMs) return;
    this.judge();
    // Windows in which nothing was committed at all are calm as well.
    const idle = Math.floor((now - this.windowEnd) / this.options.windowMs);
    for (let window = 0; window < Math.min(idle, 1_000); window += 1) this.judge();
    this.windowEnd = now + this.options.windowMs;
  }

  private judge(): void {
    const troubled = this.failures > 0 || median(this.durations) > this.options.slowMs;
    this.durations = [];
    this.failures = 0;
    if (troubled) {
      this.share = Math.max(LEAST, this.share * CUT);
      this.calm = 0;
      return;
    }
    this.calm += 1;
    if (this.calm % this.options.calmWindows === 0) this.share = Math.min(1, this.share + STEP);
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
