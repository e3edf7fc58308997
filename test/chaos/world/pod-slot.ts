import { type Pod, startPod } from '../../../load/servers/pod';
import type { ProcessExit } from '../../../load/servers/managed-process';
import type { StoreProxy } from './store-proxy';

/** A process that ended, though nobody had asked for it, or otherwise than it should. */
export interface WrongExit {
  pod: number;
  exit: ProcessExit;
  /** The end of what it logged. */
  output: string;
}

export interface SlotOptions {
  index: number;
  /** Kept over restarts: nginx knows the pod by it. */
  port: number;
  env: Record<string, string>;
  redis: StoreProxy;
  database: StoreProxy;
  onWrongExit: (wrong: WrongExit) => void;
}

const OUTPUT_SHOWN_CHARACTERS = 2_000;

/** One place behind nginx, and the process that has it now. */
export class PodSlot {
  readonly index: number;
  readonly redis: StoreProxy;
  readonly database: StoreProxy;
  private pod?: Pod;
  /** What processes of this place logged that are gone. */
  private past = '';

  constructor(private readonly options: SlotOptions) {
    this.index = options.index;
    this.redis = options.redis;
    this.database = options.database;
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number {
    return this.pod?.pid ?? 0;
  }

  async start(): Promise<void> {
    if (this.pod) return;
    const pod = await startPod({ env: this.options.env, port: this.options.port });
    this.pod = pod;
    void pod.exited().then((exit) => {
      if (this.pod !== pod) return;
      this.forget(pod);
      const output = pod.output().slice(-OUTPUT_SHOWN_CHARACTERS);
      this.options.onWrongExit({ pod: this.index, exit, output });
    });
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    const { pod } = this;
    if (!pod) return;
    this.forget(pod);
    await pod.kill();
  }

  /** SIGTERM; anything but an end with code 0 before `patienceMs` is wrong. Resolves to how long it took, ms. */
  async terminate(patienceMs: number): Promise<number> {
    const { pod } = this;
    if (!pod) return 0;
    const began = performance.now();
    this.pod = undefined;
    const exit = await pod.stop(patienceMs);
    this.past += pod.output();
    const output = pod.output().slice(-OUTPUT_SHOWN_CHARACTERS);
    if (exit.code !== 0) this.options.onWrongExit({ pod: this.index, exit, output });
    return performance.now() - began;
  }

  /** SIGSTOP: the kernel goes on taking connections for it. */
  pause(): void {
    this.pod?.signal('SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    this.pod?.signal('SIGCONT');
  }

  /** Everything that processes of this place have logged. */
  output(): string {
    return this.past + (this.pod?.output() ?? '');
  }

  /** Forgets what was logged so far by processes that are gone. */
  forgetPast(): void {
    this.past = '';
  }

  private forget(pod: Pod): void {
    this.pod = undefined;
    this.past += pod.output();
  }
}
