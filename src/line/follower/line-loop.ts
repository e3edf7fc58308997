import { jittered, sleep } from '../../common/clock';

/** Pause before a line that could not be reached is tried again, ms. */
const RETRY_MS = 500;

/** Does its work over and over: anew at once when told to, after a pause when it failed, until it is stopped. */
export class LineLoop {
  private readonly stopping = new AbortController();
  private restarting = new AbortController();
  private running: Promise<void> | undefined;

  /**
   * @param work resolves soon after its signal
   * @param onFailed must not throw
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly onFailed: (error: unknown) => void,
  ) {}

  get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  start(): void {
    this.running ??= this.run();
  }

  startOver(): void {
    this.restarting.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.restarting.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      this.restarting = new AbortController();
      try {
        await this.work(this.restarting.signal);
      } catch (error) {
        this.onFailed(error);
        await sleep(jittered(RETRY_MS), this.stopping.signal);
      }
    }
  }
}
