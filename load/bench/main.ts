/**
 * Benches: ratios between ours and what a fair engineer would have written (peers/), measured in one run on one machine,
 * in turn. `npm run bench -- <name> [--json] [--quick]`.
 *
 * Exit codes: 0 every target met, 1 a target missed, 2 could not be run, or proves nothing.
 */
import { Logger } from '@nestjs/common';
import { parseArgs } from 'node:util';
import { errorText } from '../../src/common/text';
import { type DatabaseMaker, isMaker } from '../servers/sql-server';
import { type Bench, isMet } from './bench';
import { idleBench } from './live/idle';
import { liveBench } from './live/live';
import { lineBench } from './line/line';
import { mostBench } from './live/most';
import { podsBench } from './live/pods';
import { pollBench } from './live/poll';
import { pushBench } from './live/push';
import { stormBench } from './live/storm';
import { stormClusterBench } from './live/storm-cluster';
import { waitingBench } from './live/waiting';
import { millionBench } from './million/million';
import { recoverBench } from './recover/recover';
import { reportText } from './report';
import { seatsBench } from './seats/seats';

/** All benches, in the order of the targets. */
const BENCHES: readonly Bench[] = [
  ...[pushBench, idleBench, lineBench, waitingBench, stormBench, stormClusterBench],
  ...[liveBench, mostBench, millionBench, recoverBench, seatsBench, podsBench, pollBench],
];

const USAGE = `Usage: npm run bench -- NAME [--json] [--quick] [--students N] [--database mysql|mariadb]

${BENCHES.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

  --json    the last line of standard output is {"name":…,"pass":…,"figures":{…}}
  --quick   done within 45 s, and less exact
  --students N  so many instead of what the targets are said for: to try a bench out
  --database mysql|mariadb  whose database, where the bench has one (mysql)`;

// Parts of the service run in this process: only what goes wrong in them is said, on standard error.
Logger.overrideLogger(['error', 'fatal']);

const OPTIONS = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  students: { type: 'string' },
  database: { type: 'string', default: 'mysql' },
  help: { type: 'boolean', default: false },
} as const;

interface Asked {
  quick: boolean;
  json: boolean;
  students?: number;
  database: DatabaseMaker;
}

async function runBench(bench: Bench, { json, ...asked }: Asked): Promise<number> {
  const out = (line: string): void => void process.stdout.write(`${line}\n`);
  const { name } = bench;
  try {
    const report = await bench.run({ ...asked, say: (line) => void process.stderr.write(`${line}\n`) });
    const { figures, targets, invalid } = report;
    const pass = invalid === undefined && targets.every((target) => isMet(target, figures));
    out(reportText(name, report));
    if (json) out(JSON.stringify({ name, pass, figures, invalid }));
    return invalid === undefined ? Number(!pass) : 2;
  } catch (error) {
    process.stderr.write(`The bench ${name} could not be run: ${errorText(error)}\n`);
    if (json) out(JSON.stringify({ name, pass: false, figures: {}, error: errorText(error) }));
    return 2;
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const bench = BENCHES.find(({ name }) => name === positionals[0]);
  if (values.help || !bench || positionals.length > 1) {
    process.stderr.write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const { quick, json, database } = values;
  const students = values.students === undefined ? undefined : Number(values.students);
  if (students !== undefined && !(Number.isInteger(students) && students > 0))
    throw new Error('--students: a whole number');
  if (!isMaker(database)) throw new Error('--database: mysql or mariadb');
  return runBench(bench, { quick, json, students, database });
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`bench: ${errorText(error)}\n`);
    process.exitCode = 2;
  },
);
