import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Unpacked {
  /** Where it was unpacked. */
  folder: string;
  /** Of Debian's package. */
  version: string;
  command: string;
  /** What comes before the program's own arguments. */
  args: string[];
}

const found = new Map<string, Unpacked>();

/**
 * A program that debian-packages.mjs names (`mysqld`, `valkey-server`, `promtool`): `command` and `args` start it. Fetches it when it
 * is not there yet.
 *
 * @throws Error with one line that says what is missing
 */
export function unpacked(name: 'mysqld' | 'valkey-server' | 'promtool'): Unpacked {
  const known = found.get(name);
  if (known) return known;
  const script = join(__dirname, 'debian-packages.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim());
  const program = JSON.parse(stdout) as Unpacked;
  found.set(name, program);
  return program;
}
