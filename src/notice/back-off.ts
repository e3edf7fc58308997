export interface BackOff {
  /** Of the first pause, ms; doubles with every attempt. */
  firstPauseMs: number;
  /** Ceiling of every pause, ms. */
  longestPauseMs: number;
}

/**
 * How long to wait after failed attempt number `attempt` (from 1), ms: half of a ceiling that doubles, and a random part
 * of the other half, so that mails which failed together do not come back together.
 *
 * @param random 0 to 1
 */
export function pauseAfter(attempt: number, { firstPauseMs, longestPauseMs }: BackOff, random: number): number {
  const ceiling = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  return ceiling * (0.5 + random / 2);
}
