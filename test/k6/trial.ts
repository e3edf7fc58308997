/**
 * A short run of real k6, whose thresholds count as tests: against one embedded process, both as they are by default, and
 * against two pods behind nginx with Redis and MariaDB.
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mintTokens } from '../../load/tokens/mint';
import { errorText } from '../../src/common/text';
import { startCluster } from '../support/cluster';
import { makeDemoRoom } from '../support/demo-room';
import { ManagedProcess } from '../support/managed-process';
import { startPod } from '../support/pod';
import { temporaryDirectory } from '../support/temporary-directory';

const STUDENTS = 120;

/** Slow enough that the students really wait, fast enough for a short run. */
const ROOM = { ratePerSecond: 20, capacity: 60 };

/** Several VUs, each with a part of the tokens. */
const SETTINGS = { STUDENTS: String(STUDENTS), LIMIT_SECONDS: '90', SOCKETS_PER_VU: '30' };

const REPOSITORY = join(__dirname, '..', '..');

interface Counts {
  passed: number;
  failed: number;
}

async function main(): Promise<void> {
  const counts = [await attempt('embedded', tryEmbedded), await attempt('two pods', tryCluster)];
  const [passed, failed] = [sum(counts.map((one) => one.passed)), sum(counts.map((one) => one.failed))];
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function attempt(name: string, run: () => Promise<Counts>): Promise<Counts> {
  console.log(`k6 against ${name}`);
  try {
    return await run();
  } catch (error) {
    console.error(errorText(error));
    return { passed: 0, failed: 1 };
  }
}

async function tryEmbedded(): Promise<Counts> {
  const pod = await startPod();
  try {
    return await runK6({ URL: pod.url });
  } finally {
    await pod.stop();
  }
}

async function tryCluster(): Promise<Counts> {
  const cluster = await startCluster();
  const { path, remove } = temporaryDirectory('tokens');
  try {
    await makeDemoRoom(cluster, ROOM);
    const tokens: string[] = [];
    const terms = { issuer: cluster.issuer.url, audience: cluster.audience, students: STUDENTS, classYears: [] };
    for await (const minted of mintTokens(cluster.issuer.key, terms)) tokens.push(JSON.stringify(minted));
    await writeFile(join(path, 'tokens.jsonl'), tokens.join('\n'));
    return await runK6({ ...SETTINGS, URL: cluster.url, TOKENS: join(path, 'tokens.jsonl') });
  } finally {
    await cluster.stop();
    remove();
  }
}

/** In k6's export, true says that the threshold was crossed. */
const exportSchema = z.object({
  metrics: z.record(z.string(), z.object({ thresholds: z.record(z.string(), z.boolean()).optional() })),
});

async function runK6(settings: Record<string, string>): Promise<Counts> {
  const { path, remove } = temporaryDirectory('k6');
  const summary = join(path, 'summary.json');
  const k6 = await ManagedProcess.start({
    name: 'k6',
    command: process.execPath,
    args: [
      join(REPOSITORY, 'load', 'k6', 'runner', 'k6.mjs'),
      ...['run', '--quiet', '--no-color', '--no-usage-report', `--summary-export=${summary}`],
      ...Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      join(REPOSITORY, 'load', 'k6', 'rush.ts'),
    ],
    deathSignal: 'TERM',
  });
  const { code } = await k6.exited();
  console.log(k6.output());
  const { metrics } = exportSchema.parse(JSON.parse(readFileSync(summary, 'utf8')));
  remove();
  const crossed = Object.values(metrics).flatMap(({ thresholds = {} }) => Object.values(thresholds));
  const failed = crossed.filter(Boolean).length;
  // k6 itself failed, whatever the thresholds say.
  if (code !== 0 && failed === 0) throw new Error(`k6 ended with code ${code}`);
  return { passed: crossed.length - failed, failed };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

void main();
