import { cpus } from 'node:os';
import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time that this process has used so far, ms. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** CPU time that another process of this machine has used so far, ms; in steps of 10. */
export function cpuMsOf(pid: number): number {
  // The name in the second field may hold anything, so fields are counted from its closing bracket.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** How much of the machine other processes use than this one and those named: what makes figures waver. */
export class CpuOfOthers {
  private readonly start = performance.now();
  private readonly before: number;

  constructor(private readonly named: readonly number[]) {
    this.before = this.others();
  }

  /** Of all cores, since the beginning; 0 to 1. */
  share(): number {
    return (this.others() - this.before) / ((performance.now() - this.start) * cpus().length);
  }

  private others(): number {
    const busy = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
    const ours = ownCpuMs() + this.named.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
    return busy.reduce((sum, ms) => sum + ms, 0) - ours;
  }
}
