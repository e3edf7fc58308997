/**
 * Store time less all stalls: the time in which deadlines of grace, no-show and pods run. When nobody has ticked for
 * longer than a stall (or the clock was set back), line time stands where the last tick left it.
 */
export class LineTime {
  /** µs by which line time is behind store time. */
  private shift = 0;

  /**
   * @param lastTick µs of store time
   * @param stall longest gap between two ticks that is still normal, µs
   */
  constructor(
    private lastTick: number,
    private readonly stall: number,
  ) {}

  /** Line time in whole ms, at `now` µs of store time. */
  at(now: number): number {
    return Math.floor(((this.isStall(now) ? this.lastTick : now) - this.shift) / 1_000);
  }

  /** Somebody ticks at `now` (µs). True when a stall has just ended. */
  tick(now: number): boolean {
    const stalled = this.isStall(now);
    if (stalled) this.shift += now - this.lastTick;
    this.lastTick = now;
    return stalled;
  }

  private isStall(now: number): boolean {
    const gap = now - this.lastTick;
    return gap < 0 || gap > this.stall;
  }
}
