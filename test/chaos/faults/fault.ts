import type { SeededRandom } from '../../../load/support/random';
import type { Expectations } from '../../../load/judge/record';
import type { Swarm } from '../../../load/student/swarm';
import type { World } from '../world/world';

/** Whether a fault did what it is named for, and how that shows. */
export interface Evidence {
  bit: boolean;
  text: string;
  /** What the fault itself found wrong. */
  problems?: string[];
}

/** What a fault works on. */
export interface FaultContext {
  world: World;
  swarm: Swarm;
  roomId: string;
  termId: string;
  random: SeededRandom;
}

export interface Fault {
  name: string;
  /** For people. */
  what: string;
  /** What the students may notice. */
  expects: Expectations;
  /** Most time between the coming of the first and the last student, ms. Default 2,500. */
  arriveMs?: number;
  /**
   * Breaks something, at a moment that it waits for, and repairs it. Everything it decides comes from `random`.
   *
   * @throws Error when the round cannot go on
   */
  run(context: FaultContext): Promise<Evidence>;
}

/** What most faults allow: connections may be lost, and refusals that may be tried again. */
export const USUAL: Expectations = { socketsKept: false, mayRefuse: 'retryable', socketIsPresence: true };
