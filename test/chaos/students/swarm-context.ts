import type { Agenda } from '../../../load/support/agenda';
import type { SeededRandom } from '../../../load/support/random';

/** What all students of a round share. */
export interface SwarmContext {
  /** Behind nginx. */
  url: string;
  /** Past nginx, by pod. */
  podUrls: readonly string[];
  roomId: string;
  termId: string;
  /** Makes idempotency keys of this round different from those of any other. */
  runId: string;
  agenda: Agenda;
  random: SeededRandom;
  /** The clients' own ceiling between two tries to reconnect, ms: what the service was told to count on. */
  longestBackoffMs: number;
  /** ms since the Unix epoch; every process of a round has the same clock. */
  now: () => number;
}
