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
  return cpuMsIn(fields);
}

const cpuMsIn = (fields: readonly string[]): number =>
  ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;

/** The processes that this one has started, and those that they have, as far as they run. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const other of readdirSync('/proc').map(Number).filter(Boolean)) {
    const parent = Number(statFieldsOf(other)[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), other]);
  }
  const below = (one: number): number[] => (parents.get(one) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
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

/** How much of the machine processes use that this one has not started: what makes figures waver. */
export class CpuOfOthers {
  private readonly start = performance.now();
  private readonly ownBefore = this.own();
  private readonly busyBefore = busyMs();

  /** Of all cores, since the beginning; 0 to 1. */
  share(): number {
    let others = busyMs() - this.busyBefore;
    // One that has ended meanwhile counts among the others for what it used last.
    for (const [pid, ms] of this.own()) others -= ms - (this.ownBefore.get(pid) ?? 0);
    return Math.max(0, others) / ((performance.now() - this.start) * cpus().length);
  }

  /** CPU time of this process and of all below it, ms. */
  private own(): Map<number, number> {
    const own = new Map([[process.pid, ownCpuMs()]]);
    for (const pid of descendantsOf(process.pid)) {
      const fields = statFieldsOf(pid);
      if (fields.length > 0) own.set(pid, cpuMsIn(fields));
    }
    return own;
  }
}

const busyMs = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
