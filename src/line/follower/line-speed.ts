/** Over how long the speed of the line is taken, ms. */
export const SPEED_WINDOW_MS = 10_000;
/** Admissions this close to each other are counted as one step, ms. */
const STEP_MS = 100;
/** A pace is known once the line has moved for so long, ms; and so long without a step it may only be between two. */
const SHORTEST_MS = 1_000;
/** A line that has made no step in the time of so many stands. */
const MISSED_STEPS = 3;

interface Step {
  /** Store time of the first of them, ms. */
  at: number;
  count: number;
}

/** How fast one line moves, by its latest admissions. Times are the store's, ms. */
export class LineSpeed {
  private readonly steps: Step[] = [];

  /** Somebody was let in. */
  count(at: number): void {
    const last = this.steps.at(-1);
    if (last && at - last.at < STEP_MS) last.count++;
    else this.steps.push({ at, count: 1 });
    this.forgetOld(at);
  }

  /** How many were let in since `begun`, of the window before `now`. */
  since(begun: number, now: number): number {
    this.forgetOld(now);
    return this.steps.reduce((sum, { at, count }) => (at >= begun ? sum + count : sum), 0);
  }

  /**
   * Places per second at which shown numbers may move on: as it moves right now, and 0 as soon as it seems to stand. It
   * plans nothing: a number that was moved on too far can only wait.
   */
  pace(now: number): number {
    this.forgetOld(now);
    const [first] = this.steps;
    const last = this.steps.at(-1);
    if (!first || !last || now - first.at < SHORTEST_MS || first === last) return 0;
    const gap = (last.at - first.at) / (this.steps.length - 1);
    if (now - last.at > Math.max(SHORTEST_MS, MISSED_STEPS * gap)) return 0;
    return ((this.since(first.at, now) - first.count) * 1_000) / (now - first.at);
  }

  private forgetOld(now: number): void {
    while (this.steps[0] && this.steps[0].at < now - SPEED_WINDOW_MS) this.steps.shift();
  }
}
