import type { Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work on many sockets holds up the event loop at a time, ms: new connections are taken between two turns. */
const TURN_MS = 2;
/** The clock is looked at after so many. */
const LOOK_EVERY = 16;

export interface Turns {
  logger: Logger;
  /** What is done, for the log: whoever it fails for costs the others nothing. */
  what: string;
  /** Called before each turn; false: the rest is not done any more. */
  goOn?: () => boolean;
}

/** Does the same for each of many, in turns between which the event loop serves others. `work` ends it all with false. */
export async function inTurns<T>(
  items: Iterable<T>,
  work: (item: T) => unknown,
  { logger, what, goOn = () => true }: Turns,
): Promise<void> {
  const failures: unknown[] = [];
  let done = 0;
  let began = performance.now();
  let isOn = goOn();
  for (const item of items) {
    if (!isOn) break;
    try {
      if (work(item) === false) break;
    } catch (error) {
      failures.push(error);
    }
    done += 1;
    if (done % LOOK_EVERY !== 0 || performance.now() - began < TURN_MS) continue;
    await nextTurn();
    began = performance.now();
    isOn = goOn();
  }
  if (failures.length === 0) return;
  const fields = { code: 'listener_failed', what, failed: failures.length, err: failures[0] };
  logger.error(fields, 'Some could not be served');
}
