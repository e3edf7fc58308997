import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The server's core, and that of whoever asks it. */
export interface Cores {
  server: number[];
  swarm: number[];
}

/** The first core for the server, the others for the swarm. @throws Error on a machine with one core */
export function splitCores(): Cores {
  const count = availableParallelism();
  if (count < 2) throw new Error('a server and its load on one core say nothing: two cores are needed');
  return { server: [0], swarm: Array.from({ length: count - 1 }, (_, index) => index + 1) };
}

/** Holds a process with all its threads to these cores. @throws Error when `taskset` is not there or refuses */
export function pin(pid: number, cores: readonly number[]): void {
  const { status, stderr, error } = spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(pid)], {
    encoding: 'utf8',
  });
  if (error || status !== 0) throw new Error(`taskset: ${error?.message ?? stderr.trim()}`);
}
