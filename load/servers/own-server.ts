import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess, ProcessOptions } from './managed-process';
import { Service } from './service';
import { temporaryDirectory, TemporaryDirectory } from './temporary-directory';

/** A server that is started for this run, and whose data are in a directory of its own. */
export abstract class OwnServer implements Service {
  abstract readonly url: string;
  protected readonly directory: TemporaryDirectory;
  private process?: ManagedProcess;

  /** @param patienceMs how long it may take to end by itself before it is killed */
  constructor(
    name: string,
    readonly port: number,
    private readonly patienceMs?: number,
  ) {
    this.directory = temporaryDirectory(name);
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.process = await ManagedProcess.start(this.command());
    await this.untilReady(this.process);
  }

  /** The first start, with no data yet. */
  initialise(): Promise<void> {
    return this.start();
  }

  output(): string {
    return this.process?.output() ?? '';
  }

  async kill(): Promise<void> {
    await this.process?.kill();
  }

  pause(): void {
    this.process?.signal('SIGSTOP');
  }

  resume(): void {
    this.process?.signal('SIGCONT');
  }

  async restart({ empty = false } = {}): Promise<void> {
    await this.process?.stop(this.patienceMs);
    if (!empty) return this.start();
    rmSync(this.data, { recursive: true, force: true });
    await this.initialise();
  }

  async stop(): Promise<void> {
    await this.kill();
    this.directory.remove();
  }

  protected get data(): string {
    return join(this.directory.path, 'data');
  }

  protected abstract command(): ProcessOptions;

  protected abstract untilReady(process: ManagedProcess): Promise<void>;
}
