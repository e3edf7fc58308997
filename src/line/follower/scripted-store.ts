import type { Timers } from '../../common/clock';
import { lineError, LineErrorCode } from '../line-error';
import type { LineStore } from '../line-store';

type Method = keyof LineStore;
type Answer<M extends Method> = Awaited<ReturnType<LineStore[M]>>;

/** A call on the store that has no answer yet. */
export interface HeldCall<M extends Method = Method> {
  method: M;
  args: Parameters<LineStore[M]>;
  answer(value: Answer<M>): void;
  refuse(code: LineErrorCode): void;
}

/** A store that does nothing by itself: a test sees each call, and answers it when it likes. */
export class ScriptedStore {
  private held: HeldCall[] = [];
  /** Also of the calls that a test has taken and not answered. */
  private readonly unanswered: ((error: Error) => void)[] = [];
  private closed: Error | undefined;
  private readonly awaited: { method: Method; take: (call: HeldCall) => void }[] = [];

  readonly store = new Proxy({} as LineStore, {
    get:
      (_target, method: Method) =>
      (...args: HeldCall['args']) =>
        this.hold(method, args),
  });

  /** The oldest call of this kind that is not answered; waits until there is one. */
  async next<M extends Method>(method: M): Promise<HeldCall<M>> {
    const call = this.held.find((held) => held.method === method);
    if (call) this.held = this.held.filter((held) => held !== call);
    const coming = (): Promise<HeldCall> => new Promise((take) => this.awaited.push({ method, take }));
    return (call ?? (await coming())) as unknown as HeldCall<M>;
  }

  /** How many calls of this kind have no answer. */
  count(method: Method): number {
    return this.held.filter((held) => held.method === method).length;
  }

  /** Refuses whatever is not answered, and every later call. */
  refuseAll(error: Error): void {
    this.closed = error;
    for (const fail of this.unanswered) fail(error);
  }

  private hold(method: Method, args: HeldCall['args']): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(this.closed);
      this.unanswered.push(reject);
      const refuse = (code: LineErrorCode): void => reject(lineError(code));
      const call = { method, args, answer: resolve, refuse } as unknown as HeldCall;
      const index = this.awaited.findIndex((awaited) => awaited.method === method);
      if (index < 0) this.held.push(call);
      else this.awaited.splice(index, 1)[0]?.take(call);
    });
  }
}

/** Time that stands still until a test moves it. */
export class ManualTimers implements Timers {
  private time = 0;
  private readonly sleepers = new Set<{ until: number; wake: () => void }>();

  now(): number {
    return 1_000_000 + this.time;
  }

  elapsed(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.sleepers.delete(sleeper);
        resolve();
      };
      const sleeper = { until: this.time + milliseconds, wake };
      this.sleepers.add(sleeper);
      if (signal?.aborted) wake();
      else signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** @param milliseconds how far to move on */
  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const { until, wake } of [...this.sleepers]) if (until <= this.time) wake();
  }
}
