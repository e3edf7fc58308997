import { type Percentiles } from '../support/percentiles';

/** Longest time that is told apart from longer ones, ms. */
const LONGEST_MS = 60_000;

/** How often each whole number of milliseconds was seen: as exact as anybody asks, and soon added to others'. */
export class TimesMs {
  private counts = new Uint32Array(LONGEST_MS + 1);
  private sum = 0;

  add(ms: number): void {
    this.counts[Math.min(LONGEST_MS, Math.max(0, Math.round(ms)))]! += 1;
    this.sum += 1;
  }

  get count(): number {
    return this.sum;
  }

  /** Nearest ranks; all 0 without a sample. */
  percentiles(): Percentiles {
    const at = (share: number): number => this.valueAt(Math.max(1, Math.ceil(share * this.sum)));
    if (this.sum === 0) return { count: 0, p50: 0, p95: 0, p99: 0, most: 0 };
    return { count: this.sum, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
  }

  clear(): void {
    this.counts.fill(0);
    this.sum = 0;
  }

  /** As it goes from process to process: each value with its count. */
  toPairs(): [number, number][] {
    const pairs: [number, number][] = [];
    this.counts.forEach((count, ms) => count > 0 && pairs.push([ms, count]));
    return pairs;
  }

  addPairs(pairs: readonly (readonly [number, number])[]): void {
    for (const [ms, count] of pairs) {
      this.counts[ms]! += count;
      this.sum += count;
    }
  }

  private valueAt(rank: number): number {
    let seen = 0;
    return this.counts.findIndex((count) => (seen += count) >= rank);
  }
}

const COUNTS = {
  /** Connections that were tried. */
  tried: 0,
  /** Sockets that the service took. */
  connected: 0,
  /** Of those, the ones that got a place (a ticket), each counted once. */
  placed: 0,
  /** Connections that ended, or never came to be, and were tried again. */
  again: 0,
  /** Those of them that had been there. */
  lost: 0,
  /** Messages of any kind, heartbeats included. */
  frames: 0,
  positions: 0,
  /** Positions beyond the front of the line, to plain twins and to those that extrapolate. */
  toldEachSecond: 0,
  toldSeldom: 0,
  admitted: 0,
  /** Bytes of messages; of a bare TCP connection, of all. */
  bytes: 0,
  /** Answers to a request that was polled. */
  polls: 0,
};

const TIMES = ['connectMs', 'joinMs', 'positionAgeMs', 'admissionMs', 'pollMs'] as const;

export type Count = keyof typeof COUNTS;
export type Time = (typeof TIMES)[number];

/** A tally as it goes from process to process. */
export interface TallyText {
  counts: Record<Count, number>;
  /** By code. */
  refused: Record<string, number>;
  times: Record<Time, [number, number][]>;
  /** Largest difference, in places, between the number shown and the exact one; by where the student stood. */
  worstError: { front: number; behindShare: number };
}

/** What a crowd has seen since the tally was last cleared. */
export class Tally {
  readonly counts: Record<Count, number> = { ...COUNTS };
  readonly refused: Record<string, number> = {};
  readonly times = Object.fromEntries(TIMES.map((name) => [name, new TimesMs()])) as Record<Time, TimesMs>;
  readonly worstError = { front: 0, behindShare: 0 };

  clear(): void {
    Object.assign(this.counts, COUNTS);
    for (const code of Object.keys(this.refused)) delete this.refused[code];
    for (const name of TIMES) this.times[name].clear();
    Object.assign(this.worstError, { front: 0, behindShare: 0 });
  }

  toText(): TallyText {
    const times = Object.fromEntries(TIMES.map((name) => [name, this.times[name].toPairs()]));
    return {
      counts: { ...this.counts },
      refused: { ...this.refused },
      times: times as TallyText['times'],
      worstError: { ...this.worstError },
    };
  }

  add({ counts, refused, times, worstError }: TallyText): void {
    for (const name of Object.keys(COUNTS) as Count[]) this.counts[name] += counts[name];
    for (const [code, count] of Object.entries(refused)) this.refused[code] = (this.refused[code] ?? 0) + count;
    for (const name of TIMES) this.times[name].addPairs(times[name]);
    const { front, behindShare } = this.worstError;
    this.worstError.front = Math.max(front, worstError.front);
    this.worstError.behindShare = Math.max(behindShare, worstError.behindShare);
  }
}
