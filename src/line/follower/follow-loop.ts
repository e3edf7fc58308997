import { jittered, Timers } from '../../common/clock';
import { lineError } from '../line-error';

/** Pause before what failed is tried again, ms. */
const RETRY_MS = 500;

/** What is done over and over. */
export interface FollowWork {
  connect(): Promise<void>;
  /** Once connected. Resolves soon after the signal; before it, when it has to be connected anew. */
  follow(signal: AbortSignal): Promise<void>;
  /** Must not throw. */
  onFailed(error: unknown): void;
}

/** One time of following, from its opening to its release. */
interface Run {
  ending: AbortController;
  /** As the first try to connect. */
  connected: Promise<void>;
  /** Any try has gone well. */
  wasConnected: boolean;
  ended: Promise<void>;
}

/**
 * Connects, and follows, until it is released: anew at once when told to, after a pause when it failed. It can be opened
 * again as often as one likes, until it is stopped; there are never two at work.
 */
export class FollowLoop {
  private run: Run | undefined;
  private lastEnded = Promise.resolve();
  private restarting = new AbortController();
  private stopped = false;

  constructor(
    private readonly work: FollowWork,
    private readonly timers: Timers,
  ) {}

  get isOpen(): boolean {
    return this.run !== undefined;
  }

  /** It has connected since it was opened. */
  get wasConnected(): boolean {
    return this.run?.wasConnected ?? false;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** Begins, unless it is at work. Resolves, or rejects, with the first try to connect. */
  open(): Promise<void> {
    if (this.stopped) return Promise.reject(lineError('line_unavailable'));
    this.run ??= this.begin();
    return this.run.connected;
  }

  /** Connects anew; also opens what was released. */
  startOver(): void {
    if (this.stopped) return;
    this.restarting.abort();
    this.run ??= this.begin();
  }

  release(): void {
    if (!this.run) return;
    this.run.ending.abort();
    this.restarting.abort();
    this.lastEnded = this.run.ended;
    this.run = undefined;
  }

  /** For good. Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.release();
    await this.lastEnded;
  }

  private begin(): Run {
    const ending = new AbortController();
    let tried: (trouble?: Error) => void = () => undefined;
    const connected = new Promise<void>((resolve, reject) => {
      tried = (trouble) => (trouble ? reject(trouble) : resolve());
    });
    // Whoever does not wait for it hears of failures by `onFailed`.
    connected.catch(() => undefined);
    const run: Run = { ending, connected, wasConnected: false, ended: Promise.resolve() };
    run.ended = this.lastEnded.then(() => this.goOn(run, tried));
    return run;
  }

  private async goOn(run: Run, tried: (trouble?: Error) => void): Promise<void> {
    const ending = run.ending.signal;
    while (!ending.aborted) {
      this.restarting = new AbortController();
      try {
        await this.work.connect();
        run.wasConnected = true;
        tried();
        await this.work.follow(this.restarting.signal);
      } catch (error) {
        tried(error as Error);
        if (ending.aborted) break;
        this.work.onFailed(error);
        await this.timers.sleep(jittered(RETRY_MS), ending);
      }
    }
    tried(lineError('line_unavailable'));
  }
}
