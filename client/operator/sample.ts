/** How long a sample of the service is, s; SAMPLE_MS of the contract, of which a page takes only types. */
export const SAMPLE_SECONDS = 2;

const LONGEST_MS = 15 * 60_000;
const SHORTEST_MS = 2 * 60_000;

/** From when on a plot shows its figures: a line that is young does not begin at the right edge. */
export function shownSince(at: readonly number[], now: number): number {
  const [first = now] = at;
  return Math.min(now - SHORTEST_MS, Math.max(now - LONGEST_MS, first));
}
