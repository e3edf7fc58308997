import { Logger } from '@nestjs/common';
import { sleep } from './clock';

/**
 * Does its work again and again, with a pause after each time, until it is stopped. Work that fails is logged, and done
 * again after the pause like any other: nothing that goes on in the background may end the process.
 */
export class PollingLoop {
  private readonly logger = new Logger(PollingLoop.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  /**
   * @param work may end early on its signal, which is that of `stop`
   * @param pauseMs how long to wait then, ms; it is given what the work took, ms
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly pauseMs: (spentMs: number) => number,
  ) {}

  /** Begins with the work; more calls change nothing. */
  start(): void {
    this.running ??= this.run();
  }

  /** Ends the pause at once, and waits for the work under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const started = performance.now();
      try {
        await this.work(signal);
      } catch (error) {
        this.logger.error({ code: 'background_work_failed', err: error }, 'Work in the background failed');
      }
      await sleep(Math.max(0, this.pauseMs(performance.now() - started)), signal);
    }
  }
}
