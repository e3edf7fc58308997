import { DomainError } from '../common/domain-error';

/** Runs tasks one after another, in the order they came, whatever becomes of each. */
export class WriteQueue {
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** @param limit most tasks that may wait; a further one is refused with `busy` */
  constructor(private readonly limit: number) {}

  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.waiting >= this.limit) {
      return Promise.reject(new DomainError('busy', 'The database has too much to do right now.'));
    }
    this.waiting += 1;
    const result = this.tail.then(() => {
      this.waiting -= 1;
      return task();
    });
    this.tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything queued so far is over. */
  async idle(): Promise<void> {
    await this.tail;
  }
}
