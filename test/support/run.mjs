import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { prepare } from '../../deploy/local/prepare.mjs';
import { root } from '../../deploy/local/run-command.mjs';
import { ensurePrograms } from './programs.mjs';
import { countTests, findGaps } from './verdict.mjs';

/** Suites that start whole clusters and browsers get the machine for themselves. */
const PHASES = [
  ['--selectProjects', 'unit', 'contract', 'integration', '--maxWorkers=2'],
  ['--selectProjects', 'e2e', 'chaos', '--runInBand'],
];

/** Jest is done when its report is written; what still keeps it from ending then is a leak. */
const PATIENCE_AFTER_REPORT_MS = 20_000;

const given = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'sunbeon-test-'));
const logs = join(root, '.cache', 'test-logs');
const children = new Set();

process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(1);
  });
}

process.exitCode = await main();

async function main() {
  try {
    prepare();
    ensurePrograms((line) => console.log(line));
  } catch (error) {
    console.error(error.message);
    return 1;
  }
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  const phases = given.some((argument) => argument.startsWith('--selectProjects')) ? [[]] : PHASES;
  const runs = [];
  for (const phase of phases) runs.push(await runJest(runs.length, phase));
  return judge(runs);
}

/** A whole run must be complete; one of some tests only must have found some. */
function judge(runs) {
  const reports = runs.flatMap(({ report }) => report ?? []);
  const { passed, failed } = countTests(reports);
  const gaps = given.length === 0 ? findGaps(reports, root) : [];
  if (passed + failed === 0) gaps.push('no test ran');
  for (const { report, code, leaked } of runs) {
    if (leaked) gaps.push('something kept Jest from ending: a server, a timer or a connection was left open');
    else if (!report || (code !== 0 && report.success)) gaps.push(`Jest ended with code ${code}`);
  }
  for (const gap of gaps) console.error(`FAIL ${gap}`);
  if (failed + gaps.length > 0) console.error(`The output of every server of this run is in ${logs}`);
  console.log(`${passed} passed, ${failed + gaps.length} failed`);
  return failed + gaps.length > 0 ? 1 : 0;
}

async function runJest(index, phase) {
  const reportFile = join(directory, `report-${index}.json`);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const some = given.length > 0 ? ['--passWithNoTests'] : [];
  const args = [jest, '--json', `--outputFile=${reportFile}`, ...phase, ...some, ...given];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', TMPDIR: directory, SUNBEON_TEST_LOGS: logs },
  });
  children.add(child);
  let leaked = false;
  const watch = setInterval(() => {
    if (!existsSync(reportFile)) return;
    clearInterval(watch);
    setTimeout(() => (leaked = child.kill('SIGKILL')), PATIENCE_AFTER_REPORT_MS).unref();
  }, 500);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  children.delete(child);
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
  return { report, code, leaked };
}
