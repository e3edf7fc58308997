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
import { rushCommand } from './command';

const output = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  error: (line: string) => void process.stderr.write(`${line}\n`),
};

void rushCommand(process.argv.slice(2), output).then((code) => (process.exitCode = code));
