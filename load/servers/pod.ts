import { join } from 'node:path';
import { ManagedProcess, ProcessExit } from './managed-process';
import { freePort } from './ports';
import { temporaryDirectory } from './temporary-directory';

const REPOSITORY = join(__dirname, '..', '..');

/** What the environment of the run must not decide for a pod. */
const NOT_INHERITED =
  /^(REDIS_|DATABASE_|AUTH_|SIGNING_|OPERATOR_|LINE_|DEMO_|PORT$|HOST$|DATA_DIR$|NODE_ENV$|NODE_OPTIONS$)/;

export interface PodOptions {
  /** Variables of the service. Without REDIS_URL and DATABASE_URL it is embedded, with the demo sign-in. */
  env?: Record<string, string>;
  /** Kept by the caller, and so over restarts; a temporary one by default. */
  dataDir?: string;
  /** A fixed port; a random free one by default. */
  port?: number;
  /** Another checkout whose dist/ is to run, such as that of an older version. */
  checkout?: string;
}

/** One process of the real service, from dist/, as `npm start` runs it. */
export interface Pod {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** Everything that it logged. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, however that came. */
  exited(): Promise<ProcessExit>;
  /** SIGTERM, and SIGKILL after `patienceMs` (default 90,000). */
  stop(patienceMs?: number): Promise<ProcessExit>;
  /** SIGKILL. */
  kill(): Promise<ProcessExit>;
}

/**
 * Starts a pod and waits until GET /readyz answers 200.
 *
 * @throws Error with its output when it ends before that
 */
export async function startPod({ env = {}, dataDir, port, checkout = REPOSITORY }: PodOptions = {}): Promise<Pod> {
  const kept = dataDir === undefined ? temporaryDirectory('pod') : undefined;
  const directory = dataDir ?? kept?.path ?? '';
  const podPort = port ?? (await freePort());
  const process = await ManagedProcess.start({
    name: 'pod',
    command: globalThis.process.execPath,
    args: ['--max-semi-space-size=16', '--enable-source-maps', join(checkout, 'dist', 'main.js')],
    cwd: directory,
    env: { ...cleared(), HOST: '127.0.0.1', LOG_FORMAT: 'json', ...env, PORT: String(podPort), DATA_DIR: directory },
  });
  const url = `http://127.0.0.1:${podPort}`;
  try {
    await process.untilReady(async () => (await fetch(`${url}/readyz`)).status === 200);
  } catch (error) {
    kept?.remove();
    throw error;
  }
  const ended = async (ending: Promise<ProcessExit>): Promise<ProcessExit> => {
    const exit = await ending;
    kept?.remove();
    return exit;
  };
  return {
    url,
    port: podPort,
    pid: process.pid,
    dataDir: directory,
    output: () => process.output(),
    signal: (signal) => process.signal(signal),
    exited: () => process.exited(),
    stop: (patienceMs = 90_000) => ended(process.stop(patienceMs)),
    kill: () => ended(process.kill()),
  };
}

function cleared(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => NOT_INHERITED.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
