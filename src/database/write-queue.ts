import { AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '../common/domain-error';

/**
 * Turns of the event loop after each group, in which a commit stands still for milliseconds: libuv accepts one new
 * connection a turn, so that a turn for each commit starved a crowd that connected (p50 4.5 s instead of 0.1 s).
 */
const TURNS_BETWEEN_GROUPS = 16;

/** One write that waits for its turn. */
export interface QueuedWrite<Context> {
  /** Runs in the asynchronous context of whoever queued it. */
  work: (context: Context) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes in the order they came, one after another, in groups: while one group is committed the next one gathers, and
 * one commit serves them all. What becomes of each is its own.
 */
export class WriteQueue<Context> {
  private queue: QueuedWrite<Context>[] = [];
  private running: Promise<void> | undefined;

  /**
   * @param limit most writes that may wait; a further one is refused with `busy`
   * @param groupSize most writes in one group
   * @param runGroup settles every write it is given; never rejects
   */
  constructor(
    private readonly limit: number,
    private readonly groupSize: number,
    private readonly runGroup: (group: QueuedWrite<Context>[]) => Promise<void>,
  ) {}

  run<T>(work: (context: Context) => Promise<T>): Promise<T> {
    if (this.queue.length >= this.limit) {
      return Promise.reject(new DomainError('busy', 'The database has too much to do right now.'));
    }
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ work: AsyncResource.bind(work), resolve: resolve as (value: unknown) => void, reject });
      this.running ??= this.runAll();
    });
  }

  /** Resolves when everything queued so far is over. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async runAll(): Promise<void> {
    // Everything that arrives in the same turn of the event loop goes together.
    await nextTurn();
    while (this.queue.length > 0) {
      await this.runGroup(this.queue.splice(0, this.groupSize));
      for (let turn = 0; turn < TURNS_BETWEEN_GROUPS; turn += 1) await nextTurn();
    }
    this.running = undefined;
  }
}
