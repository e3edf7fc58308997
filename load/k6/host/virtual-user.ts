/**
 * One virtual user: it runs callbacks of its own, and knows what it still waits for. Its iteration is over when nothing
 * is left to wait for, as in k6.
 */
export class VirtualUser {
  private readonly waitingFor = new Set<() => void>();
  private onIdle?: () => void;
  private stopped = false;

  constructor(
    /** From 1; 0 runs `setup` and `teardown`. */
    readonly id: number,
    private readonly onException: (error: unknown) => void,
  ) {}

  /**
   * Something that goes on: a timer, a request, a socket.
   *
   * @param end breaks it off when the run's time is over
   * @returns says that it has ended
   */
  hold(end: () => void): () => void {
    if (this.stopped) end();
    else this.waitingFor.add(end);
    return () => {
      this.waitingFor.delete(end);
      if (this.waitingFor.size === 0) this.onIdle?.();
    };
  }

  /** Calls into the script; what it throws ends nothing but is told, and fails the run. */
  run(callback: () => unknown): void {
    if (this.stopped) return;
    try {
      const result = callback();
      if (result instanceof Promise) result.catch(this.onException);
    } catch (error) {
      this.onException(error);
    }
  }

  /** Waits until nothing is left to wait for. */
  async idle(): Promise<void> {
    while (this.waitingFor.size > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
  }

  /** Breaks everything off. */
  stop(): void {
    this.stopped = true;
    for (const end of [...this.waitingFor]) end();
  }
}
