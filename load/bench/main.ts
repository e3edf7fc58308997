/**
 * Benches: ratios between ours and what a fair engineer would have written (peers/), measured in one run on one machine,
 * in turn. `npm run bench -- NAME|all [--json] [--quick]`.
 *
 * Exit codes: 0 every target met, 1 a target missed, 2 could not be run, or proves nothing.
 */
import { Logger } from '@nestjs/common';
import { parseArgs } from 'node:util';
import { errorText } from '../../src/common/text';
import { type DatabaseMaker, isMaker } from '../servers/sql-server';
import { writeFileSync } from 'node:fs';
import { exitCodeOf, runAll } from './all';
import type { Bench } from './bench';
import { searchBench } from './catalogue/search';
import { framesBench } from './live/frames';
import { idleBench } from './live/idle';
import { liveBench } from './live/live';
import { lineBench } from './line/line';
import { millionBench } from './million/million';
import { recoverBench } from './recover/recover';
import { passes } from './markdown';
import { pageBench } from './page/page';
import { mostBench } from './live/most';
import { podsBench } from './live/pods';
import { pollBench } from './live/poll';
import { pushBench } from './live/push';
import { stormBench } from './live/storm';
import { stormClusterBench } from './live/storm-cluster';
import { waitingBench } from './live/waiting';
import { reportText } from './report';
import { seatsBench } from './seats/seats';

/** All benches, in the order of the targets. */
const BENCHES: readonly Bench[] = [
  ...[pushBench, idleBench, framesBench, lineBench, waitingBench, stormBench, stormClusterBench],
  ...[liveBench, mostBench, millionBench, recoverBench, seatsBench, searchBench, podsBench, pollBench, pageBench],
];

const USAGE = `Usage: npm run bench -- NAME|all [--json] [--quick] [--students N] [--database mysql|mariadb]

${BENCHES.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`).join('\n')}
  ${'all'.padEnd(14)} all of them, one after the other, with a report and its plots in load/bench/report/

  --json         the last line of standard output is {"name":…,"pass":…,"figures":{…}}
  --quick        done within 45 s, and less exact
  --students N   so many instead of what the targets are said for: to try a bench out
  --database mysql|mariadb  whose database, where the bench has one (mysql)
  --report FILE  writes the whole report there, as JSON`;

// Parts of the service run in this process: only what goes wrong in them is said, on standard error.
Logger.overrideLogger(['error', 'fatal']);

const OPTIONS = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  students: { type: 'string' },
  database: { type: 'string', default: 'mysql' },
  report: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

interface Asked {
  quick: boolean;
  json: boolean;
  students?: number;
  database: DatabaseMaker;
  /** A file. */
  report?: string;
}

const out = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function runOne(bench: Bench, { json, report: file, ...asked }: Asked): Promise<number> {
  const { name } = bench;
  try {
    const report = await bench.run({ ...asked, say });
    const { figures, invalid } = report;
    const pass = passes(report);
    if (file !== undefined) writeFileSync(file, JSON.stringify(report));
    out(reportText(name, report));
    if (json) out(JSON.stringify({ name, pass, figures, invalid }));
    return invalid === undefined ? Number(!pass) : 2;
  } catch (error) {
    say(`The bench ${name} could not be run: ${errorText(error)}`);
    if (json) out(JSON.stringify({ name, pass: false, figures: {}, error: errorText(error) }));
    return 2;
  }
}

async function runEach({ json, quick, students, database }: Asked): Promise<number> {
  const args = ['--database', database];
  if (quick) args.push('--quick');
  if (students !== undefined) args.push('--students', String(students));
  const measured = await runAll(BENCHES, args);
  const code = exitCodeOf(measured);
  if (json) {
    const benches = measured.map(({ name, report, problem }) => {
      const { figures = {}, invalid } = report ?? {};
      return { name, pass: report !== undefined && passes(report), figures, invalid, error: problem };
    });
    out(JSON.stringify({ name: 'all', pass: code === 0, benches }));
  }
  return code;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const { help, database, ...given } = values;
  const [name, ...more] = positionals;
  const bench = BENCHES.find((one) => one.name === name);
  if (help || !(bench || name === 'all') || more.length > 0) {
    say(USAGE);
    return help ? 0 : 2;
  }
  const students = given.students === undefined ? undefined : Number(given.students);
  if (students !== undefined && !(Number.isInteger(students) && students > 0)) {
    throw new Error('--students: a whole number');
  }
  if (!isMaker(database)) throw new Error('--database: mysql or mariadb');
  const asked = { ...given, students, database };
  return bench ? runOne(bench, asked) : runEach(asked);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    say(`bench: ${errorText(error)}`);
    process.exitCode = 2;
  },
);
