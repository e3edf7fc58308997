/**
 * The rush: a whole registration day in half a minute, judged by those who were in it.
 *
 *   options → target (a running service, or one of our own) → sign-ins, catalogue, deal → room → swarm → judge → report
 *
 * - demand, dealer: the real demand of the demo term as wish lists that are each legal in themselves, so that the right
 *   outcome of each section is known beforehand: min(demand, capacity), whoever comes first.
 * - swarm, student, tab: simulated students on real sockets. Some lose the connection, reload or open a second tab while
 *   they wait. Each writes down what was shown (observation).
 * - judge, promises: pure. They look at these notes and at the database, never at the service's own counters.
 *
 * Exit codes: 0 all promises kept, 1 broken or not done in time, 2 could not be run.
 */
import { errorText } from '../../src/common/text';
import { readOptions, USAGE } from './options';
import { reportText } from './report';
import { runRush } from './rush';

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const report = await runRush(options, (line) => process.stderr.write(`${line}\n`));
    process.stdout.write(`${reportText(report)}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return report.pass ? 0 : 1;
  } catch (error) {
    if (options.json)
      process.stdout.write(`${JSON.stringify({ name: 'rush', pass: false, error: errorText(error) })}\n`);
    throw error;
  }
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`The rush could not be run: ${errorText(error)}\n`);
    process.exitCode = 2;
  },
);
