import type { BatchResult } from './seat-batch';

/**
 * The news of a batch that was run again and again because the answers to its COMMITs were lost: what the last run,
 * which was committed, has decided itself, and what those before it have that turn out to be committed, too.
 *
 * @param attempts in their order
 */
export function withNewsOf(attempts: readonly BatchResult[], last: BatchResult): BatchResult {
  const committed = attempts.filter((attempt, index) => wasCommitted(attempt, attempts.slice(index + 1), last));
  return {
    ...last,
    events: [...committed, last].flatMap(({ events }) => events),
    promotions: [...committed, last].flatMap(({ promotions }) => promotions),
  };
}

/** All that it kept was there in the end, and no later attempt had to keep any of that again. */
function wasCommitted({ kept }: BatchResult, later: readonly BatchResult[], { replayed }: BatchResult): boolean {
  const keptAgain = new Set(later.flatMap((attempt) => attempt.kept));
  return kept.length > 0 && kept.every((key) => replayed.has(key) && !keptAgain.has(key));
}
