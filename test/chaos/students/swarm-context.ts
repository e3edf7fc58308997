import type { TabContext } from '../../../load/student/tab';

/** What all students of a round share; every process of a round has the same clock. `url` is behind nginx. */
export interface SwarmContext extends TabContext {
  /** Past nginx, by pod. */
  podUrls: readonly string[];
  roomId: string;
  termId: string;
  /** Makes idempotency keys of this round different from those of any other. */
  runId: string;
}
