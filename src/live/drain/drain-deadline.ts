import { Logger } from '@nestjs/common';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** One press of Ctrl-C reaches a process more than once when its parents pass it on, ms. */
const SAME_SIGNAL_MS = 500;
const HARD_EXIT_CODE = 1;

/**
 * The other half of a gentle end: after a signal to stop, the process is gone when `drainSeconds` are over, or at once when
 * a second signal comes; then with exit code 1, and says so.
 */
export function endHardAfterDeadline(drainSeconds: number): void {
  const logger = new Logger('Drain');
  let firstAt: number | undefined;
  const endHard = (why: string): void => {
    logger.error({ code: 'ended_hard', reason: why }, 'Ended hard');
    process.exit(HARD_EXIT_CODE);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      setTimeout(() => endHard(`not drained within ${drainSeconds} s`), drainSeconds * 1_000).unref();
    } else if (now - firstAt > SAME_SIGNAL_MS) {
      endHard(`a second signal (${signal}) while draining`);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}
