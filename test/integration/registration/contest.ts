import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Home } from '../database/support';

export interface Contest {
  place: Home['place'];
  sectionId: string;
  kind: 'commit' | 'drop';
  /** Students `<prefix>0` …, half of them in each process. */
  prefix: string;
  students: number;
  batchSize: number;
  /** Requests at a time, of each process. */
  atATime: number;
}

/** Two processes ask at once. Resolves to all outcomes. */
export async function contendInTwoProcesses({ prefix, students, ...task }: Contest): Promise<string[]> {
  const half = Math.ceil(students / 2);
  const ranges = [
    { prefix, from: 0, to: half },
    { prefix, from: half, to: students },
  ];
  const processes = ranges.map((range) => new Contender({ ...task, students: range }));
  await Promise.all(processes.map((one) => one.ready));
  return (await Promise.all(processes.map((one) => one.go()))).flat();
}

/** contender.ts as a process of its own. */
class Contender {
  readonly ready: Promise<void>;
  private readonly process: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(task: Record<string, unknown>) {
    this.process = spawn(
      process.execPath,
      ['--require', '@swc-node/register', join(__dirname, 'contender.ts'), JSON.stringify(task)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    if (!this.process.stdout) throw new Error('the contender has no output');
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.ready = this.next().then(() => undefined);
  }

  async go(): Promise<string[]> {
    this.process.stdin?.write('go\n');
    const outcomes = JSON.parse(await this.next()) as string[];
    if (this.process.exitCode === null) await once(this.process, 'exit');
    return outcomes;
  }

  private async next(): Promise<string> {
    const line = await this.lines.next();
    if (line.done) throw new Error('the contender ended early');
    return line.value;
  }
}
