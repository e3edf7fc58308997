import type { Connection } from './connection';

/** Beats in one interval, and how short and how long one may be, ms. */
const BEATS = 40;
const SHORTEST_BEAT_MS = 20;
const LONGEST_BEAT_MS = 250;
/** Connections asked before the event loop gets a turn: a few milliseconds of writing. */
const SLICE = 250;

/** One connection that is asked, by whoever makes it. */
export interface Pulse {
  readonly connection: Connection;
  /** When it was asked, ms of a clock that only goes on; 0 = nothing is owed. */
  askedAt: number;
}

export interface HeartbeatOptions<P extends Pulse> {
  /** How often each connection is asked, ms. */
  intervalMs: number;
  /** How long an answer may take, whatever packet it is, ms. */
  timeoutMs: number;
  ask: (connection: Connection) => void;
  /** To be called for one that has not answered in time. */
  lose: (pulse: P) => void;
}

/**
 * Asks every connection once in an interval whether it is still there, all by one clock. A timer for each would wake the
 * process for every single question and again for its answer, which costs more than the two. So the interval has some
 * beats, over which connections are spread evenly however many of them come at once; those of one beat are written to in
 * the same turn, and their answers are read together.
 *
 * Who is lost is noticed within interval and timeout. Time is counted from the question, and looked at only when the
 * event loop has read what is there: nobody is lost who has answered while the process was held up.
 */
export class Heartbeat<P extends Pulse> {
  private readonly beatMs: number;
  /** A ring of beats. */
  private readonly ring: readonly Set<P>[];
  private next = 0;
  private nextAt: number;
  private newcomers = 0;
  /** Those of the present beat who are still to be asked. */
  private readonly toAsk: P[] = [];
  /** Beats whose answers are awaited, and when the last of them was asked, the oldest first. */
  private readonly asked: { pulses: Set<P>; at: number }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private work: NodeJS.Immediate | undefined;

  constructor(private readonly options: HeartbeatOptions<P>) {
    const { intervalMs } = options;
    const about = Math.min(LONGEST_BEAT_MS, Math.max(SHORTEST_BEAT_MS, intervalMs / BEATS));
    const beats = Math.max(2, Math.floor(intervalMs / about));
    this.ring = Array.from({ length: beats }, () => new Set<P>());
    // Answers are looked for once in a beat: by so much sooner they are asked for.
    this.beatMs = intervalMs / (beats + 1);
    this.nextAt = performance.now() + this.beatMs;
    this.sleep();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearImmediate(this.work);
  }

  /**
   * A new connection. It is asked first when half of the interval is over or more: it has found its feet by then.
   *
   * @returns takes it out again, at its end
   */
  add(pulse: P): () => void {
    const beats = this.ring.length;
    const half = Math.floor(beats / 2);
    const ahead = half + (this.newcomers % (beats - half));
    this.newcomers += 1;
    const pulses = this.beatAt(this.next + ahead);
    pulses.add(pulse);
    return () => pulses.delete(pulse);
  }

  forEach(look: (pulse: P) => void): void {
    for (const pulses of this.ring) pulses.forEach(look);
  }

  private beatAt(beat: number): Set<P> {
    return this.ring[beat % this.ring.length] as Set<P>;
  }

  private sleep(): void {
    this.timer = setTimeout(() => this.goOn(), Math.ceil(this.nextAt - performance.now()));
    this.timer.unref();
  }

  /** In a turn of its own: whatever had come by then has been read. */
  private goOn(): void {
    this.work = setImmediate(() => {
      const now = performance.now();
      this.loseSilent(now);
      if (this.toAsk.length === 0 && now >= this.nextAt) this.beginBeat(now);
      this.askSome(now);
      if (this.toAsk.length > 0 || now >= this.nextAt) this.goOn();
      else this.sleep();
    });
  }

  private beginBeat(now: number): void {
    const pulses = this.beatAt(this.next);
    this.next = (this.next + 1) % this.ring.length;
    // What a pause left out is made up for, but by no more than one round: nobody is asked twice for it.
    this.nextAt = Math.max(this.nextAt + this.beatMs, now - (this.ring.length - 2) * this.beatMs);
    // Who still owes an answer is not asked for another one.
    for (const pulse of pulses) if (pulse.askedAt === 0) this.toAsk.push(pulse);
    if (this.toAsk.length > 0) this.asked.push({ pulses, at: now });
  }

  private askSome(now: number): void {
    const some = this.toAsk.splice(0, SLICE);
    const beat = this.asked.at(-1);
    if (!beat || some.length === 0) return;
    beat.at = now;
    for (const pulse of some) {
      // The others have come to their end meanwhile.
      if (pulse.connection.readyState !== 'open') continue;
      pulse.askedAt = now;
      this.options.ask(pulse.connection);
    }
  }

  private loseSilent(now: number): void {
    const latest = now - this.options.timeoutMs;
    for (let beat = this.asked[0]; beat && beat.at <= latest; beat = this.asked[0]) {
      this.asked.shift();
      for (const pulse of beat.pulses) {
        if (pulse.askedAt === 0 || pulse.askedAt > latest) continue;
        pulse.askedAt = 0;
        this.options.lose(pulse);
      }
    }
  }
}
