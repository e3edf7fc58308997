import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pin } from '../support/cores';
import { becomesSo } from '../support/wait-for';
import type { ArrivalPlan, SwarmQuestion } from './plan';
import type { ProcessReport } from './process';
import { Tally } from './tally';

/** A process busier than this shows what it can bear itself, not what the service can. */
const BUSIEST = 0.8;

export interface SwarmOptions {
  /** How many; one holds up to 20,000 connections, if the limit of descriptors allows it. Default 1. */
  processes?: number;
  /** The cores that they may use; all by default. */
  cores?: readonly number[];
}

/** What a swarm saw in a window. */
export interface SwarmReport {
  tally: Tally;
  durationMs: number;
  /** CPU time of all processes together, ms. */
  cpuMs: number;
  /** Of the busiest process: how much of the time its event loop was busy, 0 to 1. */
  busiest: number;
  /** The figures are the generator's own. */
  starved: boolean;
}

export type Arrival = Omit<ArrivalPlan, 'address'>;

/**
 * Thousands of students' clients on raw sockets, in processes of their own: open-loop arrivals, one answer to each
 * heartbeat, everything counted, nothing kept. Says how busy it was itself.
 */
export class Swarm {
  private clearedAt = performance.now();

  private constructor(private readonly members: readonly Member[]) {}

  static async start({ processes = 1, cores }: SwarmOptions = {}): Promise<Swarm> {
    const members = Array.from({ length: processes }, (_, index) => new Member(index));
    await Promise.all(members.map((member) => member.ready));
    if (cores) for (const { pid } of members) pin(pid, cores);
    return new Swarm(members);
  }

  get pids(): number[] {
    return this.members.map(({ pid }) => pid);
  }

  /** Lets them come, dealt out to the processes in turn; resolves when the last one has set out. */
  async arrive(plan: Arrival): Promise<void> {
    const { length } = this.members;
    const parts = this.members.map((_, index) => plan.comers.filter((_comer, at) => at % length === index));
    await Promise.all(
      this.members.map((member, index) => {
        // One process after the other would go to the same of several addresses.
        const urls = plan.urls.map((_, at) => plan.urls[(at + index) % plan.urls.length] ?? '');
        const part = { ...plan, urls, comers: parts[index] ?? [], address: (index % 250) + 2 };
        return member.ask({ ask: 'arrive', plan: part });
      }),
    );
    await pause(plan.overMs);
  }

  /** Waits until the report since the last `clear` says so. @returns whether it did in time */
  until(isSo: (report: SwarmReport) => boolean, timeoutMs: number): Promise<boolean> {
    return becomesSo(async () => isSo(await this.report()), { timeoutMs, intervalMs: 100 });
  }

  /** What happens in the next so many ms. */
  async watch(ms: number): Promise<SwarmReport> {
    await this.clear();
    await pause(ms);
    return this.report();
  }

  async clear(): Promise<void> {
    await this.askAll({ ask: 'clear' });
    this.clearedAt = performance.now();
  }

  /** What happened since the last `clear`. */
  async report(): Promise<SwarmReport> {
    const reports = (await this.askAll({ ask: 'report' })) as ProcessReport[];
    const tally = new Tally();
    for (const report of reports) tally.add(report.tally);
    const busiest = Math.max(...reports.map(({ busy }) => busy));
    const cpuMs = reports.reduce((sum, report) => sum + report.cpuMs, 0);
    return { tally, durationMs: performance.now() - this.clearedAt, cpuMs, busiest, starved: busiest > BUSIEST };
  }

  /** All numbers in line that were given to clients that are there. */
  async numbers(): Promise<number[]> {
    return ((await this.askAll({ ask: 'numbers' })) as number[][]).flat();
  }

  /** Everybody goes at once; others may come then. */
  async leave(): Promise<void> {
    await this.askAll({ ask: 'leave' });
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }

  private askAll(question: SwarmQuestion): Promise<unknown[]> {
    return Promise.all(this.members.map((member) => member.ask(question)));
  }
}

class Member {
  readonly ready: Promise<unknown>;
  readonly pid: number;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  private next = 1;

  constructor(index: number) {
    const execArgv = ['--require', '@swc-node/register', '--max-semi-space-size=32'];
    this.child = fork(join(__dirname, 'process.ts'), [], { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.pid = this.child.pid ?? 0;
    this.ready = this.expect(0);
    this.child.on('message', ({ id, answer }: { id: number; answer?: unknown }) => {
      this.waiting.get(id)?.resolve(answer);
      this.waiting.delete(id);
    });
    this.child.on('exit', (code, signal) => {
      const error = new Error(`process ${index} of the swarm ended (code ${code}, signal ${signal})`);
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    });
  }

  ask(question: SwarmQuestion): Promise<unknown> {
    const id = this.next++;
    const answer = this.expect(id);
    this.child.send({ id, question });
    return answer;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}
