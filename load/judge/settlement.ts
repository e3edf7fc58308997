import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from './record';
import { seatsHeldForNobody, seatsKeptFromWaiting, wrongNews, wrongWaits } from './change-promises';

const PAUSE_MS = 250;

/**
 * Reads until nothing is under way any more: every freed seat has reached whom it is for, and every tab was told. What
 * has not happened by then never will, as far as the judge is concerned.
 *
 * @param read the notes and the truth as they are now
 */
export async function settle(read: () => Promise<RunRecord>, patienceMs: number): Promise<RunRecord> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const record = await read();
    if (isSettled(record) || performance.now() >= deadline) return record;
    await pause(PAUSE_MS);
  }
}

const isSettled = (record: RunRecord): boolean =>
  [seatsHeldForNobody, seatsKeptFromWaiting, wrongNews, wrongWaits].every((find) => find(record).length === 0);
