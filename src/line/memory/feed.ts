import { lineError } from '../line-error';
import type { FeedPage, LineEvent } from '../line-store';

/** An event before the feed has given it its place. */
export type NewEvent = LineEvent extends infer E ? (E extends LineEvent ? Omit<E, 'sequence' | 'at'> : never) : never;

interface Waiter {
  after: number;
  knownDurable: number;
  wake: () => void;
  fail: (error: Error) => void;
}

/** What happened in a line, in order; the oldest is dropped once it is in the trail. */
export class Feed {
  private readonly events: LineEvent[] = [];
  private readonly waiters = new Set<Waiter>();
  private trimmedThrough = 0;
  sequence = 0;
  durableSequence = 0;
  private durableBy = '';

  /** Appends an event at store time `at` (ms). Returns its sequence. */
  append(at: number, event: NewEvent): number {
    this.sequence += 1;
    this.events.push({ ...event, sequence: this.sequence, at });
    this.wake();
    return this.sequence;
  }

  /** Events that the trail does not have yet. */
  get backlog(): number {
    return this.sequence - this.durableSequence;
  }

  /** When the oldest event happened that the trail does not have yet, ms; undefined when it has all. */
  get oldestPendingAt(): number | undefined {
    return this.events[this.durableSequence - this.trimmedThrough]?.at;
  }

  markDurable(sequence: number, podId: string, kept: number): void {
    if (sequence > this.sequence) throw lineError('line_recovering');
    if (sequence <= this.durableSequence) return;
    this.durableSequence = sequence;
    this.durableBy = podId;
    const trimThrough = Math.min(sequence, this.sequence - kept);
    if (trimThrough > this.trimmedThrough) {
      this.events.splice(0, trimThrough - this.trimmedThrough);
      this.trimmedThrough = trimThrough;
    }
    this.wake();
  }

  page(after: number, limit: number): FeedPage {
    if (after > this.sequence) throw lineError('line_recovering');
    const { durableSequence, durableBy } = this;
    if (after < this.trimmedThrough) return { events: [], durableSequence, durableBy, trimmed: true };
    const from = after - this.trimmedThrough;
    const events = this.events.slice(from, from + limit).map((event) => structuredClone(event));
    return { events, durableSequence, durableBy, trimmed: false };
  }

  /** Resolves as soon as there is more than the reader knows, or after `waitMs`. */
  more(after: number, knownDurable: number, waitMs: number): Promise<void> {
    if (waitMs <= 0 || this.isNews(after, knownDurable)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        end();
      };
      const wake = (): void => finish(resolve);
      const timer = setTimeout(wake, waitMs).unref();
      const waiter = { after, knownDurable, wake, fail: (error: Error) => finish(() => reject(error)) };
      this.waiters.add(waiter);
    });
  }

  /** Ends every waiting read with an error. */
  fail(error: Error): void {
    for (const waiter of [...this.waiters]) waiter.fail(error);
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) if (this.isNews(waiter.after, waiter.knownDurable)) waiter.wake();
  }

  private isNews(after: number, knownDurable: number): boolean {
    return this.sequence > after || this.durableSequence > knownDurable;
  }
}
