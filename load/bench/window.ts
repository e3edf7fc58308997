import type { Arrival, Swarm, SwarmReport } from '../swarm/swarm';
import { CpuOfOthers, cpuMsOf } from './cpu';
import type { Served } from './served/served';

/** What servers spent, and what their clients saw, in the same time. */
export interface Window extends SwarmReport {
  /** CPU time of each server, ms, in their order. */
  spentMs: number[];
  /** Of all cores, how much others used, 0 to 1. */
  others: number;
}

/** A machine that others keep busier than this share of all its cores shows what is left over. */
const MOST_OF_OTHERS = 0.15;

const spentBy = ({ pids }: Served): number => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0);

/** Why figures prove nothing, on a machine that others kept so busy. @param others of all cores, 0 to 1 */
export const invalidBy = (others: number): string | undefined =>
  others > MOST_OF_OTHERS ? `other processes used ${percent(others)} of the machine's CPU` : undefined;

/** CPU time of a server in a window for each of so many students and each second, µs. */
export const usPerStudentSecond = ({ spentMs, durationMs }: Window, students: number, server = 0): number =>
  ((spentMs[server] ?? 0) * 1_000) / (students * (durationMs / 1_000));

/**
 * Lets a crowd come, and waits until everybody is there: connected, or with a place where they want one.
 *
 * @throws Error with what refused them when they are not after a minute more
 */
export async function fill(swarm: Swarm, plan: Arrival): Promise<SwarmReport> {
  await swarm.clear();
  await swarm.arrive(plan);
  const { kind } = plan.conduct;
  const wanted = kind === 'waiting' || kind === 'twins' ? 'placed' : 'connected';
  const all = plan.comers.length * (kind === 'twins' ? 2 : 1);
  const came = await swarm.until(({ tally }) => tally.counts[wanted] >= all, 60_000);
  const report = await swarm.report();
  if (came) return report;
  const { counts, refused } = report.tally;
  throw new Error(`${counts[wanted]} of ${all} are ${wanted}; refused: ${JSON.stringify(refused)}`);
}

/** Watches servers and crowd for so many ms. */
export async function watchWindow(servers: readonly Served[], swarm: Swarm, ms: number): Promise<Window> {
  await swarm.clear();
  const stop = measure(servers);
  const { durationMs: _, ...report } = await swarm.watch(ms);
  return { ...report, ...stop() };
}

/** Begins to measure; the function that comes back ends it. */
export function measure(servers: readonly Served[]): () => Pick<Window, 'spentMs' | 'others' | 'durationMs'> {
  const cpu = new CpuOfOthers();
  const before = servers.map(spentBy);
  const start = performance.now();
  return () => ({
    durationMs: performance.now() - start,
    spentMs: servers.map((server, index) => spentBy(server) - (before[index] ?? 0)),
    others: cpu.share(),
  });
}

/** Watches over all windows of a bench: whether they prove anything, and what is to be known of them. */
export class Witness {
  private busiest = 0;
  private others = 0;
  private lost = 0;
  private windows = 0;
  private problem?: string;

  see<W extends Pick<Window, 'busiest' | 'starved' | 'others' | 'tally'>>(window: W): W {
    this.windows += 1;
    this.busiest = Math.max(this.busiest, window.busiest);
    this.others += window.others;
    this.lost += window.tally.counts.lost;
    if (window.starved) this.fail(`the generator was starved (its event loop ${percent(window.busiest)} busy)`);
    return window;
  }

  /** The figures prove nothing. */
  fail(why: string): void {
    this.problem ??= why;
  }

  get invalid(): string | undefined {
    if (this.problem !== undefined) return this.problem;
    if (this.lost > 0) return `${this.lost} connections were lost`;
    return invalidBy(this.others / Math.max(1, this.windows));
  }

  get notes(): string[] {
    const others = this.others / Math.max(1, this.windows);
    return [
      `the swarm's event loop was at most ${percent(this.busiest)} busy; ` +
        `other processes used ${percent(others)} of the machine's CPU`,
    ];
  }
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
