/** One admission, in µs × thousandths of an admission per second: integers, so that nothing is lost in rounding. */
export const TOKEN = 1_000_000_000;

/** The whole of the rate, in thousandths. */
export const WHOLE = 1_000;

/** The outflow policy's memory: how many admissions the time so far has paid for. */
export interface TokenBucket {
  credit: number;
  /** Until when the credit has been counted, µs of store time. */
  countedUntil: number;
  /** Nobody could be admitted at the last look: the time since then earns one token at most. */
  idle: boolean;
}

export interface Accrual {
  /** µs of store time. */
  now: number;
  /** Admissions per second, in thousandths. */
  rate: number;
  /** Longest gap that still earns, µs. */
  stall: number;
  /** A stall was noticed: the time since the last look earns nothing. */
  stalled: boolean;
  /** What part of the rate is earned, in thousandths. */
  share: number;
}

/** Counts the time since the last look. The credit stays below what `stall` earns, and is 0 at rate 0. */
export function accrue(bucket: TokenBucket, { now, rate, stall, stalled, share }: Accrual): void {
  const elapsed = Math.max(0, now - bucket.countedUntil);
  const earned = stalled || elapsed > stall ? 0 : Math.floor((elapsed * share) / WHOLE) * rate;
  const most = rate === 0 ? 0 : bucket.idle ? TOKEN : Math.max(TOKEN, stall * rate);
  bucket.credit = Math.min(bucket.credit + earned, most);
  bucket.countedUntil = now;
}

/** A room that lets nobody in earns nothing. */
export function empty(bucket: TokenBucket, now: number): void {
  bucket.credit = 0;
  bucket.countedUntil = now;
  bucket.idle = true;
}

/** A room that opens starts with one token, so that the first student goes in at once. */
export function openWithOneToken(bucket: TokenBucket, now: number): void {
  bucket.credit = TOKEN;
  bucket.countedUntil = now;
  bucket.idle = false;
}
