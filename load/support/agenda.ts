/** How exact an appointment is, ms. */
const TICK_MS = 10;

/** Many appointments on one timer: thousands of simulated students need none of their own. */
export class Agenda {
  private readonly ticks = new Map<number, (() => void)[]>();
  private readonly timer: NodeJS.Timeout;
  private nextTick: number;

  constructor() {
    this.nextTick = tickOf(performance.now());
    this.timer = setInterval(() => this.runDue(), TICK_MS);
  }

  /** Calls `work` once, `delayMs` from now or a little later. */
  in(delayMs: number, work: () => void): void {
    const tick = Math.max(this.nextTick, tickOf(performance.now() + delayMs) + 1);
    const appointments = this.ticks.get(tick);
    if (appointments) appointments.push(work);
    else this.ticks.set(tick, [work]);
  }

  /** Forgets everything that has not come yet. */
  stop(): void {
    clearInterval(this.timer);
    this.ticks.clear();
  }

  private runDue(): void {
    const now = tickOf(performance.now());
    while (this.nextTick <= now) {
      const due = this.ticks.get(this.nextTick) ?? [];
      this.ticks.delete(this.nextTick);
      this.nextTick += 1;
      for (const work of due) work();
    }
  }
}

const tickOf = (time: number): number => Math.floor(time / TICK_MS);
