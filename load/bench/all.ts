import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { temporaryDirectory } from '../servers/temporary-directory';
import type { Bench, BenchReport } from './bench';
import { markdownOf, type Measured, passes } from './markdown';
import { plotOf, targetsPlot } from './plot';

const ROOT = join(__dirname, '../..');
const DIRECTORY = join(__dirname, 'report');

/**
 * Runs every bench in a process of its own, one after the other, and writes the report with its plots to
 * `load/bench/report/`.
 *
 * @param args what each of them is given, such as `--quick`
 */
export async function runAll(benches: readonly Bench[], args: readonly string[]): Promise<Measured[]> {
  const kept = temporaryDirectory('bench-report');
  try {
    const measured: Measured[] = [];
    for (const { name, summary } of benches) {
      const file = join(kept.path, `${name}.json`);
      const code = await runOne([name, ...args, '--report', file]);
      measured.push({ name, summary, ...readReport(file, code) });
    }
    writeReport(measured);
    return measured;
  } finally {
    kept.remove();
  }
}

function runOne(args: string[]): Promise<number | null> {
  const command = ['--require', '@swc-node/register', join(__dirname, 'main.ts'), ...args];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function readReport(file: string, code: number | null): Pick<Measured, 'report' | 'problem'> {
  try {
    return { report: JSON.parse(readFileSync(file, 'utf8')) as BenchReport };
  } catch {
    return { problem: `it could not be run (code ${code})` };
  }
}

function writeReport(measured: readonly Measured[]): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(DIRECTORY, file), text);
  write('targets.svg', targetsPlot(measured));
  for (const { name, report } of measured) if (report?.plot) write(`${name}.svg`, plotOf(report.plot));
  write('README.md', markdownOf(measured, surroundings()));
}

/** Where and of what it was measured, for people. */
function surroundings(): string[] {
  const git = (...args: string[]): string => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
  const dirty =
    git('status', '--porcelain', '--', 'src', 'client', 'load', ':!load/bench/report') === ''
      ? ''
      : ', and changes that are not in it';
  const [cpu] = cpus();
  return [
    `commit ${git('rev-parse', '--short=12', 'HEAD')}${dirty}`,
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `Node ${process.version}`,
  ];
}

/** 0: every target of all is met; 1: one is missed; 2: one could not be run, or proves nothing. */
export function exitCodeOf(measured: readonly Measured[]): number {
  const reports = measured.flatMap(({ report }) => report ?? []);
  if (reports.length < measured.length || reports.some(({ invalid }) => invalid !== undefined)) return 2;
  return Number(!reports.every(passes));
}
