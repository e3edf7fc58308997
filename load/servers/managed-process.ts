import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, WriteStream } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endsWithin } from '../../src/common/deadline';
import { errorText } from '../../src/common/text';
import { waitFor } from '../support/wait-for';

export interface ProcessOptions {
  /** For the log file and for errors. */
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** What the kernel sends when the run dies. Default KILL; TERM for a process that must end children of its own. */
  deathSignal?: 'KILL' | 'TERM';
}

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const OUTPUT_KEPT_CHARACTERS = 200_000;
const OUTPUT_SHOWN_CHARACTERS = 4_000;

/** Servers live in sbin, which is not on everybody's PATH. */
export const SEARCH_PATH = [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

/** Where the output of every process started here is kept, also after the run. */
export function logDirectory(): string {
  const directory = process.env.SUNBEON_TEST_LOGS ?? join(tmpdir(), 'sunbeon-test-logs');
  mkdirSync(directory, { recursive: true });
  return directory;
}

/**
 * A real process that belongs to this run: ended by its id, and by the kernel when the run itself is killed (on
 * Linux, through setpriv's parent-death signal). Its output is kept in memory and in a log file.
 */
export class ManagedProcess {
  readonly pid: number;
  private readonly ending: Promise<ProcessExit>;
  private exit?: ProcessExit;
  private kept = '';

  private constructor(
    private readonly options: ProcessOptions,
    private readonly child: ChildProcess,
    pid: number,
  ) {
    this.pid = pid;
    const log = createWriteStream(join(logDirectory(), `${options.name}-${pid}.log`));
    child.stdout?.on('data', (chunk: Buffer) => this.keep(chunk, log));
    child.stderr?.on('data', (chunk: Buffer) => this.keep(chunk, log));
    this.ending = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.exit = { code, signal };
        log.end(`\n[ended: code ${code}, signal ${signal}]\n`);
        resolve(this.exit);
      });
    });
    this.hold(false);
  }

  /** @throws Error when the program cannot be started at all */
  static async start(options: ProcessOptions): Promise<ManagedProcess> {
    const [command, ...args] = guarded(options);
    const child = spawn(command ?? options.command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env, PATH: SEARCH_PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new Error(`${options.command} cannot be started: ${error.message}`)));
    });
    return new ManagedProcess(options, child, child.pid as number);
  }

  get running(): boolean {
    return this.exit === undefined;
  }

  /** The last 200,000 characters that it wrote, both streams together. */
  output(): string {
    return this.kept;
  }

  /**
   * Waits until `ask` resolves to true.
   *
   * @throws Error with the end of its output when it ended before that, or took too long (it is then killed)
   */
  async untilReady(ask: () => Promise<boolean>, timeoutMs = 180_000): Promise<void> {
    try {
      await waitFor(async () => !this.running || ask(), { what: `${this.options.name} to be ready`, timeoutMs });
    } catch (error) {
      await this.kill();
      const output = this.kept.slice(-OUTPUT_SHOWN_CHARACTERS);
      throw new Error(`${errorText(error)}\n${output}`, { cause: error });
    }
    if (this.exit) {
      const { code, signal } = this.exit;
      const output = this.kept.slice(-OUTPUT_SHOWN_CHARACTERS);
      throw new Error(`${this.options.name} ended (code ${code}, signal ${signal}):\n${output}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  /** Waits until it has ended. */
  async exited(): Promise<ProcessExit> {
    this.hold(true);
    return this.ending;
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<ProcessExit> {
    this.signal('SIGKILL');
    return this.exited();
  }

  /** Asks it to end, and kills it when it has not within `patienceMs`. */
  async stop(patienceMs = 60_000, signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessExit> {
    this.signal('SIGCONT');
    this.signal(signal);
    return (await endsWithin(this.exited(), patienceMs)) ? this.exited() : this.kill();
  }

  /** A process that somebody forgot must not keep the run from ending (and so from being ended by the kernel). */
  private hold(hold: boolean): void {
    for (const handle of [this.child, this.child.stdout as Socket | null, this.child.stderr as Socket | null]) {
      if (hold) handle?.ref();
      else handle?.unref();
    }
  }

  private keep(chunk: Buffer, log: WriteStream): void {
    this.kept = (this.kept + chunk.toString('utf8')).slice(-OUTPUT_KEPT_CHARACTERS);
    log.write(chunk);
  }
}

let hasGuard: boolean | undefined;

/** setpriv replaces itself by the program, so the process id is the program's own. */
function guarded({ command, args, deathSignal = 'KILL' }: ProcessOptions): string[] {
  hasGuard ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return hasGuard ? ['setpriv', '--pdeathsig', deathSignal, '--', command, ...args] : [command, ...args];
}
