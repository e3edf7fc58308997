import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Resident memory of processes together, MiB. */
export function rssMibOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + statusKib(pid, 'VmRSS') / 1_024, 0);
}

/** The most that a process ever had resident, MiB. */
export const peakRssMibOf = (pid: number): number => statusKib(pid, 'VmHWM') / 1_024;

function statusKib(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN);
}

export interface MemoryLimit {
  /** For people. */
  what: string;
  lift(): void;
}

const CGROUP_V2 = '/sys/fs/cgroup/cgroup.controllers';
const CGROUP_V1 = '/sys/fs/cgroup/memory';

/**
 * Holds a process to so much memory, as a container would: by a cgroup where this user may make one, else by the kernel's
 * limit on private writable memory, which counts what is reserved and not only what is resident.
 *
 * @throws Error when neither can be had
 */
export function limitMemory(pid: number, mib: number): MemoryLimit {
  return limitByCgroup(pid, mib) ?? limitByPrlimit(pid, mib);
}

function limitByCgroup(pid: number, mib: number): MemoryLimit | undefined {
  const isV2 = existsSync(CGROUP_V2);
  const group = join(isV2 ? '/sys/fs/cgroup' : CGROUP_V1, `sunbeon-bench-${pid}`);
  try {
    mkdirSync(group);
  } catch {
    return undefined;
  }
  const lift = (): void => {
    try {
      writeFileSync(join(group, '..', 'cgroup.procs'), String(pid));
    } catch {
      // It has ended.
    }
    rmdirSync(group);
  };
  try {
    // What it has already stays charged to where it came from.
    const left = Math.max(1, Math.floor(mib - rssMibOf([pid])));
    writeFileSync(join(group, isV2 ? 'memory.max' : 'memory.limit_in_bytes'), String(left * 1_024 * 1_024));
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
  } catch {
    lift();
    return undefined;
  }
  return { what: `a cgroup (version ${isV2 ? 2 : 1}) of ${mib} MiB`, lift };
}

function limitByPrlimit(pid: number, mib: number): MemoryLimit {
  const bytes = mib * 1_024 * 1_024;
  const { status, stderr, error } = spawnSync('prlimit', ['--pid', String(pid), `--data=${bytes}:${bytes}`], {
    encoding: 'utf8',
  });
  if (error || status !== 0) throw new Error(`prlimit: ${error?.message ?? stderr.trim()}`);
  return { what: `prlimit: ${mib} MiB of private writable memory`, lift: () => undefined };
}
