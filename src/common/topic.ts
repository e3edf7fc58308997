import { Logger } from '@nestjs/common';

/**
 * Does the same for each of several who have nothing to do with each other. Whoever cannot be served costs the others
 * nothing; the first error is logged, with how many there were.
 */
export function forEach<T>(logger: Logger, what: string, items: Iterable<T>, work: (item: T) => void): void {
  let failed = 0;
  let first: unknown;
  for (const item of items) {
    try {
      work(item);
    } catch (error) {
      if (failed === 0) first = error;
      failed += 1;
    }
  }
  if (failed > 0) logger.error({ code: 'listener_failed', what, failed, err: first }, 'Some could not be served');
}

/** What it returns is of no interest, but for the rejection of a promise. */
export type Listener<Args extends unknown[]> = (...args: Args) => unknown;

/** Ends a subscription at once; more calls change nothing. */
export type Unsubscribe = () => void;

/**
 * One kind of thing that happens in this process, for those who want to hear of it: the one way in which parts of it
 * tell others without knowing them. Nothing is kept for who subscribes later. Other processes are told by `live/fan-out`.
 */
export class Topic<Args extends unknown[]> {
  private readonly logger: Logger;
  private readonly subscriptions = new Set<{ listener: Listener<Args> }>();

  /** @param name of what tells, for the log; left out: that of the class */
  constructor(name = new.target.name) {
    this.logger = new Logger(name);
  }

  /** @param listener is called at each `publish` from now on; subscribed twice, it is called twice */
  subscribe(listener: Listener<Args>): Unsubscribe {
    const subscription = { listener };
    this.subscriptions.add(subscription);
    return () => void this.subscriptions.delete(subscription);
  }

  /**
   * Calls every listener, in the order in which they subscribed, and waits for none. It never throws: a listener that does,
   * or whose promise rejects, is logged, and the others still hear of it. Who subscribes meanwhile hears of the next.
   */
  publish(...args: Args): void {
    forEach(this.logger, 'A listener', [...this.subscriptions], (subscription) => {
      if (!this.subscriptions.has(subscription)) return;
      const outcome = subscription.listener(...args);
      if (outcome instanceof Promise) outcome.catch((error: unknown) => this.logFailure(error));
    });
  }

  private logFailure(error: unknown): void {
    this.logger.error({ code: 'listener_failed', failed: 1, err: error }, 'A listener failed later');
  }
}
