import { setTimeout as pause } from 'node:timers/promises';
import { errorText } from '../../src/common/text';

export interface WaitOptions {
  /** How long to go on asking, ms. Default 120,000: a busy machine is slow, and only what never comes takes that long. */
  timeoutMs?: number;
  /** Pause between two questions, ms. Default 25. */
  intervalMs?: number;
  /** What is waited for, for the error's text. */
  what?: string;
}

/**
 * Asks again and again until the answer is neither false, null nor undefined, and gives that answer. A question that
 * throws counts as "not yet".
 *
 * @throws Error when the time is over, with the last thing that was thrown
 */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = 120_000, intervalMs = 25, what = 'a condition' } = options;
  const deadline = Date.now() + timeoutMs;
  let problem = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<T, false | null | undefined>;
      }
    } catch (error) {
      problem = `; last error: ${errorText(error)}`;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}${problem}`);
    await pause(intervalMs);
  }
}

/** Whether it becomes so before the time is over, for whom goes on in both cases. */
export const becomesSo = (isSo: () => boolean | Promise<boolean>, options: WaitOptions): Promise<boolean> =>
  waitFor(isSo, options).catch(() => false);
