import { cpus } from 'node:os';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time that this process has used so far, ms. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** CPU time that another process of this machine has used so far, ms; in steps of 10. */
export function cpuMsOf(pid: number): number {
  const fields = statFieldsOf(pid);
  if (fields.length === 0) throw new Error(`process ${pid} has ended`);
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** The processes that this one has started, and that run. */
export function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').map(Number).filter(Boolean);
  return all.filter((other) => Number(statFieldsOf(other)[1]) === pid);
}

/** The fields of /proc/PID/stat from the third on; none when the process has just ended. */
function statFieldsOf(pid: number): string[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return [];
  }
  // The name in the second field may hold anything, so fields are counted from its closing bracket.
  return stat.split(') ').at(-1)?.split(' ') ?? [];
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
