import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LineJoinRequest } from '../../../src/contract/line';
import { Cluster, ClusterOptions, startCluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn, signInSso, StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';

const REPOSITORY = join(__dirname, '..', '..', '..');
const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';

/** One pod, or several that share their stores. */
export interface World {
  urls: string[];
  operator: OperatorClient;
  signIn(studentId: string): Promise<string>;
  /** What tells the command where the database is. */
  commandLine: string[];
  database: { url: string } | { file: string };
  /** The line is lost: Redis comes back empty, or the pod whose memory it was is killed and started again. */
  lose(): Promise<void>;
  stop(): Promise<unknown>;
}

export async function embeddedWorld(env: Record<string, string> = {}): Promise<World> {
  const directory = temporaryDirectory('lottery');
  const start = (port?: number): Promise<Pod> =>
    startPod({ dataDir: directory.path, port, env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, ...env } });
  let pod = await start();
  const { url, port } = pod;
  return {
    urls: [url],
    operator: new OperatorClient(url, OPERATOR_TOKEN),
    signIn: (studentId) => signIn(url, studentId),
    commandLine: ['--data-dir', directory.path],
    database: { file: join(directory.path, 'sunbeon.sqlite') },
    lose: async () => {
      await pod.kill();
      pod = await start(port);
    },
    stop: async () => {
      await pod.stop();
      directory.remove();
    },
  };
}

export async function clusteredWorld(env: Record<string, string> = {}, options: ClusterOptions = {}): Promise<World> {
  const cluster: Cluster = await startCluster({ own: true, env, ...options });
  const { url } = cluster.database;
  const urls = cluster.pods.map((pod) => pod.url);
  return {
    urls,
    operator: new OperatorClient(urls[0] ?? '', cluster.operatorToken),
    signIn: async (studentId) => (await signInSso(cluster, studentId, urls[0])).token,
    commandLine: ['--database', url],
    database: { url },
    lose: () => cluster.redis.restart({ empty: true }),
    stop: () => cluster.stop(),
  };
}

export interface Recomputed {
  pass: boolean;
  seedHash: string;
  order: { entry: number; number: number }[];
  problems: string[];
}

/** Runs a command on a room's trail, as an operator does, and gives what it printed, whatever the exit code. */
export async function runTrail<T = Recomputed>(
  { commandLine }: Pick<World, 'commandLine'>,
  command: 'lottery' | 'verify',
  roomId: string,
  ...more: string[]
): Promise<T> {
  const cli = ['--require', '@swc-node/register', join(REPOSITORY, 'src/trail/cli.ts'), command, '--room', roomId];
  const { stdout } = await promisify(execFile)(process.execPath, [...cli, ...commandLine, '--json', ...more], {
    cwd: REPOSITORY,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as T;
}

/** A tab that is in the room's line, and comes back to it like a page. */
export async function enterLine(
  url: string,
  token: string,
  roomId: string,
  request: Partial<LineJoinRequest> = {},
): Promise<StudentTab> {
  const tab = new StudentTab(url, token);
  await tab.connected();
  await waitFor(() => tab.join(roomId, request), { what: 'the room' });
  tab.keepPlace(roomId);
  return tab;
}

/** Whether every tab was shown a position. */
export const allPlaced = (tabs: StudentTab[]): boolean => tabs.every((tab) => shownPosition(tab) > 0);

/** The last position that a tab was shown; 0 for none. */
export const shownPosition = ({ positions }: StudentTab): number => positions.at(-1) ?? 0;

/** The number that a signed ticket carries: its payload can be read by whoever holds it. */
export function signedNumber(ticket: string | undefined): number {
  const payload = Buffer.from(ticket?.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { number: number }).number;
}
