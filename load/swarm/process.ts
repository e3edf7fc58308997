/** One process of a swarm: does what its parent asks, and ends with it. */
import { performance } from 'node:perf_hooks';
import { Crowd } from './crowd';
import type { SwarmQuestion } from './plan';
import type { TallyText } from './tally';

/** What one process says of its window. */
export interface ProcessReport {
  tally: TallyText;
  /** CPU time, ms. */
  cpuMs: number;
  /** Of the time, how much of it the event loop was busy, or waiting for a core; 0 to 1. */
  busy: number;
}

const crowd = new Crowd();
let cpu = process.cpuUsage();
let loop = performance.eventLoopUtilization();

function answer(question: SwarmQuestion): unknown {
  switch (question.ask) {
    case 'arrive':
      return crowd.arrive(question.plan);
    case 'clear':
      crowd.tally.clear();
      cpu = process.cpuUsage();
      loop = performance.eventLoopUtilization();
      return undefined;
    case 'report':
      return report();
    case 'numbers':
      return crowd.numbers();
    case 'leave':
      return crowd.leave();
  }
}

function report(): ProcessReport {
  const { user, system } = process.cpuUsage(cpu);
  const { utilization } = performance.eventLoopUtilization(loop);
  return { tally: crowd.tally.toText(), cpuMs: (user + system) / 1_000, busy: utilization };
}

process.on('message', ({ id, question }: { id: number; question: SwarmQuestion }) => {
  process.send?.({ id, answer: answer(question) });
});
process.on('disconnect', () => process.exit());
process.send?.({ id: 0 });
