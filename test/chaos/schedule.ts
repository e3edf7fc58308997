import { SeededRandom } from '../../load/support/random';

/** One round, decided by the seed alone. */
export interface ScheduledRound {
  /** From 1. */
  index: number;
  fault: string;
  /** Repeats this one round: `--seed` of a run whose first round has this fault. */
  seed: string;
  students: number;
}

export interface ScheduleOptions {
  seed: string;
  rounds: number;
  /** Every fault that may come. */
  faults: readonly string[];
}

const STUDENTS = { least: 50, most: 130 };

/** Every fault comes once before any comes twice; the order, and everything else, is the seed's. */
export function planRounds({ seed, rounds, faults }: ScheduleOptions): ScheduledRound[] {
  const random = new SeededRandom(seed).fork('schedule');
  const order: string[] = [];
  while (order.length < rounds) order.push(...random.shuffled(faults));
  return order.slice(0, rounds).map((fault, place) => {
    const index = place + 1;
    // The first round of a run has the run's own seed, so that any round can be repeated by itself.
    const roundSeed = index === 1 ? seed : `${seed}.${index}`;
    const { least, most } = STUDENTS;
    const students = least + new SeededRandom(roundSeed).fork('students').below(most - least + 1);
    return { index, fault, seed: roundSeed, students };
  });
}
