import { errorText } from '../../src/common/text';
import type { DatabaseMaker } from '../../load/servers/sql-server';
import { findFault } from './faults';
import { runRound, type RoundResult } from './round';
import type { ScheduledRound } from './schedule';
import { POD_ENVIRONMENT } from './world/timing';
import { World } from './world/world';

/** Rooms add up in a world: after so many rounds a new one begins. */
const ROUNDS_PER_WORLD = 8;

export interface ChaosResult {
  rounds: RoundResult[];
  /** Why it ended early; undefined when it did not. */
  problem?: string;
}

/** Runs the rounds one after the other, each reported as it ends. A round that broke a promise leaves no world behind. */
export async function runChaos(
  schedule: readonly ScheduledRound[],
  onRound: (result: RoundResult) => void,
  database?: DatabaseMaker,
): Promise<ChaosResult> {
  const rounds: RoundResult[] = [];
  let world: World | undefined;
  let age = 0;
  try {
    for (const scheduled of schedule) {
      world ??= await World.start({ env: POD_ENVIRONMENT.variables, database });
      const result = await runRound(world, findFault(scheduled.fault), scheduled);
      rounds.push(result);
      onRound(result);
      age += 1;
      if (age < ROUNDS_PER_WORLD && result.broken.length === 0) continue;
      await world.stop();
      [world, age] = [undefined, 0];
    }
    return { rounds };
  } catch (error) {
    return { rounds, problem: errorText(error) };
  } finally {
    await world?.stop();
  }
}
