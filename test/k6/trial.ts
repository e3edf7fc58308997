/**
 * A short run of the k6 script, whose thresholds count as tests: against one embedded process, both as they are by default,
 * and against two pods behind nginx with Redis and MariaDB. The script runs on our own host, and on a real k6 as well where
 * the machine has one.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mintTokens } from '../../load/tokens/mint';
import { errorText } from '../../src/common/text';
import { startCluster } from '../../load/servers/cluster';
import { makeDemoRoom } from '../support/demo-room';
import { ManagedProcess } from '../../load/servers/managed-process';
import { startPod } from '../../load/servers/pod';
import { temporaryDirectory } from '../../load/servers/temporary-directory';

const STUDENTS = 120;

/** Slow enough that the students really wait, fast enough for a short run. */
const ROOM = { ratePerSecond: 20, capacity: 60 };

/** Whether it works is judged here, not how fast: a machine with both cores taken is slow. */
const PATIENCE = {
  LIMIT_SECONDS: '280',
  ...Object.fromEntries(
    ['SIGN_IN', 'CONNECT', 'JOIN', 'ADMISSION', 'COMMIT'].map((what) => [`${what}_P95_MS`, '240000']),
  ),
};

/** Several VUs, each with a part of the tokens. */
const SETTINGS = { STUDENTS: String(STUDENTS), SOCKETS_PER_VU: '30' };

const REPOSITORY = join(__dirname, '..', '..');

/** What runs the script. */
interface Runner {
  name: string;
  command: string;
  args: string[];
}

const HOST: Runner = {
  name: 'k6-host',
  command: process.execPath,
  args: ['--require', '@swc-node/register', join(REPOSITORY, 'load', 'k6', 'host', 'main.ts')],
};

const K6: Runner = {
  name: 'k6',
  command: 'k6',
  args: ['run', '--quiet', '--no-color', '--no-usage-report'],
};

interface Counts {
  passed: number;
  failed: number;
}

async function main(): Promise<void> {
  const hasK6 = spawnSync('k6', ['version'], { stdio: 'ignore' }).status === 0;
  const counts: Counts[] = [];
  for (const runner of hasK6 ? [HOST, K6] : [HOST]) {
    counts.push(await attempt(`${runner.name} against an embedded process`, () => tryEmbedded(runner)));
    counts.push(await attempt(`${runner.name} against two pods`, () => tryCluster(runner)));
  }
  const [passed, failed] = [sum(counts.map((one) => one.passed)), sum(counts.map((one) => one.failed))];
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function attempt(name: string, run: () => Promise<Counts>): Promise<Counts> {
  console.log(name);
  try {
    return await run();
  } catch (error) {
    console.error(errorText(error));
    return { passed: 0, failed: 1 };
  }
}

async function tryEmbedded(runner: Runner): Promise<Counts> {
  const pod = await startPod();
  try {
    return await run(runner, { URL: pod.url });
  } finally {
    await pod.stop();
  }
}

async function tryCluster(runner: Runner): Promise<Counts> {
  const cluster = await startCluster();
  const { path, remove } = temporaryDirectory('tokens');
  try {
    await makeDemoRoom(cluster, ROOM);
    const tokens: string[] = [];
    const terms = { issuer: cluster.issuer.url, audience: cluster.audience, students: STUDENTS, classYears: [] };
    for await (const minted of mintTokens(cluster.issuer.key, terms)) tokens.push(JSON.stringify(minted));
    await writeFile(join(path, 'tokens.jsonl'), tokens.join('\n'));
    return await run(runner, { ...SETTINGS, URL: cluster.url, TOKENS: join(path, 'tokens.jsonl') });
  } finally {
    await cluster.stop();
    remove();
  }
}

/** In k6's export, true says that the threshold was crossed. */
const exportSchema = z.object({
  metrics: z.record(z.string(), z.object({ thresholds: z.record(z.string(), z.boolean()).optional() })),
});

async function run({ name, command, args }: Runner, settings: Record<string, string>): Promise<Counts> {
  const { path, remove } = temporaryDirectory('k6');
  const summary = join(path, 'summary.json');
  const process = await ManagedProcess.start({
    name,
    command,
    args: [
      ...args,
      `--summary-export=${summary}`,
      ...Object.entries({ ...PATIENCE, ...settings }).flatMap(([setting, value]) => ['-e', `${setting}=${value}`]),
      join(REPOSITORY, 'load', 'k6', 'rush.ts'),
    ],
    cwd: REPOSITORY,
    deathSignal: 'TERM',
  });
  const { code } = await process.exited();
  console.log(process.output());
  const { metrics } = exportSchema.parse(JSON.parse(readFileSync(summary, 'utf8')));
  remove();
  const crossed = Object.values(metrics).flatMap(({ thresholds = {} }) => Object.values(thresholds));
  const failed = crossed.filter(Boolean).length;
  // The run itself failed, whatever the thresholds say.
  if (code !== 0 && failed === 0) throw new Error(`${name} ended with code ${code}`);
  return { passed: crossed.length - failed, failed };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

void main();
