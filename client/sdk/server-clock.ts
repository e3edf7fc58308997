/** Smallest and largest possible (server time − local time), ms. */
export interface ClockBounds {
  low: number;
  high: number;
}

export const UNKNOWN_CLOCK: ClockBounds = { low: -Infinity, high: Infinity };

/** Both clocks count whole or fractional ms; bounds that miss each other by less than this agree. */
const RESOLUTION_MS = 2;

/** Takes one more answer into account. Answers that contradict the past (the device slept) replace it. */
export function narrowed(bounds: ClockBounds, sample: ClockBounds): ClockBounds {
  const low = Math.max(bounds.low, sample.low);
  const high = Math.min(bounds.high, sample.high);
  if (low <= high) return { low, high };
  return low - high <= RESOLUTION_MS ? { low: high, high: low } : sample;
}

/** Server time − local time, ms; undefined when nothing is known. */
export function offsetOf(bounds: ClockBounds): number | undefined {
  const low = Number.isFinite(bounds.low);
  const high = Number.isFinite(bounds.high);
  if (low && high) return (bounds.low + bounds.high) / 2;
  if (low) return bounds.low;
  return high ? bounds.high : undefined;
}

/**
 * The server's time, without trusting the clock of the device.
 *
 * Every answer bounds the offset between the server's clock and a local clock that only runs forward: the server read its
 * clock after the question was sent and before the answer arrived. The bounds of all answers are intersected, so the
 * shortest round trip wins; a message that was never asked for gives the lower bound only. (The same reasoning as in
 * Marzullo's algorithm, for one source.)
 */
export class ServerClock {
  private bounds = UNKNOWN_CLOCK;

  /** @param local a clock in ms that never jumps; its zero does not matter */
  constructor(private readonly local: () => number = () => performance.now()) {}

  /** The local clock, for the `sentAt` of a round trip. */
  localNow(): number {
    return this.local();
  }

  /** An answer that carried the server's time (ms since the Unix epoch), to a question sent at `sentAt` (local). */
  roundTrip(sentAt: number, serverTime: number): void {
    this.bounds = narrowed(this.bounds, { low: serverTime - this.local(), high: serverTime - sentAt });
  }

  /** A message that carried the server's time and was not asked for. */
  push(serverTime: number): void {
    this.bounds = narrowed(this.bounds, { low: serverTime - this.local(), high: Infinity });
  }

  /** The server's time, ms since the Unix epoch; the device's own until the first answer. */
  now(): number {
    const offset = offsetOf(this.bounds);
    return offset === undefined ? Date.now() : this.local() + offset;
  }
}
