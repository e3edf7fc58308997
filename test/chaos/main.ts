/**
 * The chaos suite: real processes, real faults, and a judge who only believes students and database.
 *
 *   options → schedule (from the seed alone) → world (Redis, MySQL or MariaDB, pods, nginx, proxies) → rounds → report
 *
 * - faults: each waits for its moment, breaks something, repairs it, and proves that it bit.
 * - the students (load/student): on real sockets, who write down what they saw.
 * - the judge (load/judge): pure. Judges a round by these notes, the trail and the tables; tested with planted bugs.
 *
 * Exit codes: 0 all promises kept, 1 a promise was broken, 2 could not be run.
 */
import { buildService } from '../../load/servers/embedded-server';
import { errorText } from '../../src/common/text';
import { FAULTS } from './faults';
import { readOptions, USAGE } from './options';
import { reportOf, roundText, summaryText, tableHead } from './report';
import { runChaos } from './run';
import { planRounds } from './schedule';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    say(USAGE);
    return 0;
  }
  if (options === 'list') {
    for (const { name, what } of FAULTS) say(`${name.padEnd(20)}${what}`);
    return 0;
  }
  buildService();
  say(tableHead());
  const schedule = planRounds(options);
  const result = await runChaos(schedule, (round) => say(roundText(round)), options.database);
  const report = reportOf(options.seed, result);
  say(summaryText(report));
  if (options.json) say(JSON.stringify(report));
  if (result.problem !== undefined && result.rounds.length < schedule.length) return 2;
  return report.pass ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${errorText(error)}\n`);
    process.exit(2);
  },
);
