import type { TabContext } from './tab';

/** What the students' messages took, ms. */
export interface Samples {
  /** From the moment a student meant to come until the place was told. */
  join: number[];
  /** How old a position was when it arrived. */
  positionAge: number[];
  /** From a commit to its answer. */
  commit: number[];
  /** From a drop, a swap, or joining or leaving a waitlist, to its answer. */
  change: number[];
}

/** What all students of a rush share; the time is the service's, as the rush estimates it. */
export interface SwarmContext extends TabContext {
  roomId: string;
  termId: string;
  /** Makes idempotency keys of this rush different from those of any other. */
  runId: string;
  samples: Samples;
  /** Students stay connected after they have finished, until the rush is over. */
  staysOn: boolean;
  /** How long a student thinks at most before giving something back, ms. */
  thinkingMs: number;
  /** When the rush began, ms. */
  startedAt: number;
}
