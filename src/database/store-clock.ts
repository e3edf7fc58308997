import { setTimeout as pause } from 'node:timers/promises';
import { Clock, systemClock } from '../common/clock';
import { PollingLoop } from '../common/polling-loop';

/** How often the pod's clock is compared with the database's, ms. */
const MEASURE_MS = 10_000;
/** Questions in one measurement: the quickest answer says most exactly what the time is. */
const QUESTIONS = 3;
/** Pause between them, ms. */
const PAUSE_MS = 20;

/**
 * The database's time as this pod knows it, without asking: its own clock, put right by what the last measurement has
 * found. Whatever is compared with a stored time, or told to a browser, is this time and not the pod's.
 */
export class StoreClock {
  private offsetMs = 0;
  private readonly measuring = new PollingLoop(
    () => this.measure().catch(() => undefined),
    () => MEASURE_MS,
  );

  /** @param ask the database's time, ms; rejects while it is away: what was measured last then holds */
  constructor(
    private readonly ask: () => Promise<number>,
    private readonly local: Clock = systemClock,
  ) {}

  /** ms since the Unix epoch. */
  readonly now = (): number => Math.round(this.local() + this.offsetMs);

  /** By how much the pod's clock is ahead of the database's, ms; negative when it is behind. */
  get skewMs(): number {
    return -this.offsetMs;
  }

  /** Measures again and again, until `stop`. */
  start(): void {
    this.measuring.start();
  }

  async stop(): Promise<void> {
    await this.measuring.stop();
  }

  /** @throws as the database does */
  async measure(): Promise<void> {
    let best = { tookMs: Infinity, offsetMs: this.offsetMs };
    for (let question = 0; question < QUESTIONS; question++) {
      if (question > 0) await pause(PAUSE_MS);
      const began = performance.now();
      const asked = this.local();
      const stored = await this.ask();
      const tookMs = performance.now() - began;
      if (tookMs < best.tookMs) best = { tookMs, offsetMs: stored - (asked + tookMs / 2) };
    }
    this.offsetMs = best.offsetMs;
  }
}
