import { join } from 'node:path';
import { ManagedProcess } from '../../servers/managed-process';
import { freePort } from '../../servers/ports';
import { pin } from '../../support/cores';
import type { Served } from './served';

const ROOT = join(__dirname, '../../..');

export interface PeerOptions {
  /** For people. */
  name: string;
  /** In load/bench/peers, without `.ts`. */
  program: string;
  env?: Record<string, string>;
  cores?: readonly number[];
}

export interface Peer extends Served {
  /** Tells it to do something, or asks it. */
  ask(path: string): Promise<unknown>;
}

/** A peer's server in a process of its own, which answers `GET /healthz` when it is ready. */
export async function startPeer({ name, program, env, cores }: PeerOptions): Promise<Peer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = await ManagedProcess.start({
    name: program,
    command: globalThis.process.execPath,
    args: ['--require', '@swc-node/register', join(ROOT, 'load/bench/peers', `${program}.ts`)],
    cwd: ROOT,
    env: { ...env, PORT: String(port) },
  });
  await process.untilReady(async () => (await fetch(`${url}/healthz`)).ok);
  if (cores) pin(process.pid, cores);
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${name}: POST ${path}: ${response.status}`);
    return response.json();
  };
  return { name, url, pids: [process.pid], ask, stop: () => process.kill() };
}
