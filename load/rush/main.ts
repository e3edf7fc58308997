/**
 * The rush: a whole registration day in half a minute, judged by those who were in it.
 *
 *   options → target (a running service, or one of our own) → sign-ins, catalogue, deal → room → swarm → judge → report
 *
 * - demand, dealer: the real demand of the demo term as wish lists that are each legal in themselves, so that the right
 *   outcome of each section is known beforehand: min(demand, capacity), whoever comes first.
 * - swarm, student, tab: simulated students, each with one browser in whose tabs the student page's own client runs. Some
 *   lose the connection, reload or open a second tab while they wait. Each writes down what the service said.
 * - judge, promises: pure. They look at these notes and at the database, never at the service's own counters.
 *
 * Exit codes: 0 all promises kept, 1 broken or not done in time, 2 could not be run, 128 and more ended by a signal.
 */
import { constants } from 'node:os';
import { rushCommand } from './command';

const output = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  error: (line: string) => void process.stderr.write(`${line}\n`),
};

/** The first signal still ends and removes a service of our own; the second one ends this process as it is. */
const brokenOff = new AbortController();
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const breakOff = (signal: NodeJS.Signals): void => {
  for (const one of SIGNALS) process.off(one, breakOff);
  process.exitCode = 128 + constants.signals[signal];
  brokenOff.abort(new Error(`ended by ${signal}`));
};
for (const signal of SIGNALS) process.on(signal, breakOff);

void rushCommand(process.argv.slice(2), output, brokenOff.signal).then((code) => {
  // Questions that are still out would keep the process.
  if (brokenOff.signal.aborted) process.exit();
  process.exitCode = code;
});
