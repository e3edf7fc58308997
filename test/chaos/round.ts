import { createHash } from 'node:crypto';
import { type BrokenPromise, judge } from '../../load/judge/judge';
import type { RunRecord } from '../../load/judge/record';
import type { StudentRecord } from '../../load/student/record';
import { SeededRandom } from '../../load/support/random';
import { errorText } from '../../src/common/text';
import { OperatorClient } from '../support/operator';
import type { Evidence, Fault } from './faults/fault';
import { keepRecord } from './keep-record';
import { openRound } from './open-round';
import { readRound } from './read-round';
import type { ScheduledRound } from './schedule';
import { LONGEST_BACKOFF_MS, POD_ENVIRONMENT } from './world/timing';
import type { World } from './world/world';

export interface RoundResult extends ScheduledRound {
  evidence: Evidence;
  broken: BrokenPromise[];
  /** The file with everything that a round was judged by, if it broke a promise. */
  keptIn?: string;
  joined: number;
  admitted: number;
  enrolled: number;
  /** Longest time that a student had no place on any socket, and longest wait for a final answer, ms. */
  longestGapMs: number;
  longestWaitMs: number;
  durationMs: number;
}

/** Just above what the service insists on, so that a recovery window fits into a round. */
const GRACE_MS = POD_ENVIRONMENT.graceFloorMs + 100;
/** Everybody is in within so many seconds, a part of them at once, when nothing goes wrong. */
const OUTFLOW_SECONDS = 4;
const INSIDE_SHARE = 1 / 3;
const ARRIVE_MS = 2_500;
/** Whoever is not done by then is lost: far beyond what any fault may cost, also on a busy machine, ms. */
const PATIENCE_MS = 45_000;

/** One round: a room and a term of its own, students, one fault, and the judgement. */
export async function runRound(world: World, fault: Fault, scheduled: ScheduledRound): Promise<RoundResult> {
  const began = performance.now();
  const random = new SeededRandom(scheduled.seed);
  const runId = runIdOf(scheduled);
  const round = await openRound(world, {
    runId,
    random,
    students: scheduled.students,
    arriveMs: fault.arriveMs ?? ARRIVE_MS,
    graceMs: GRACE_MS,
    longestBackoffMs: LONGEST_BACKOFF_MS,
    policy: {
      ratePerSecond: Math.ceil(scheduled.students / OUTFLOW_SECONDS),
      capacity: Math.ceil(scheduled.students * INSIDE_SHARE),
    },
    opensInMs: 800,
  });
  const { swarm } = round;
  for (const pod of world.pods) pod.forgetPast();
  world.wrongExits.splice(0);
  swarm.start();
  const faultAt = Date.now();
  const context = { world, swarm, roomId: runId, termId: runId, random: random.fork('fault') };
  const evidence = await fault.run(context).catch((error: unknown) => failed(error));
  await swarm.finish(PATIENCE_MS);
  const logs = world.pods.map((pod) => pod.output());
  await world.heal();
  const facts = await readRound(world, round);
  const wrongExits = world.wrongExits.map(({ pod, exit, output }) => `pod ${pod}: ${JSON.stringify(exit)}\n${output}`);
  const record: RunRecord = {
    ...facts,
    service: { expects: fault.expects, faultAt, wrongExits, logs, faultProblems: evidence.problems ?? [] },
  };
  await closeRoom(world, runId);
  const { broken } = judge(record);
  return {
    ...scheduled,
    evidence,
    broken,
    keptIn: broken.length > 0 ? keepRecord(runId, record) : undefined,
    ...figuresOf(swarm.records),
    enrolled: enrolledIn(facts),
    durationMs: performance.now() - began,
  };
}

/** A closed room costs the pods little; the next rounds are not to pay for it. */
async function closeRoom(world: World, roomId: string): Promise<void> {
  await new OperatorClient(world.url, world.operatorToken).call('POST', `/rooms/${roomId}/close`);
}

/** Names room, term and students of a round: the same for the same round, and short enough for every one of them. */
const runIdOf = ({ fault, seed }: ScheduledRound): string =>
  `r${createHash('sha256').update(`${fault} ${seed}`).digest('hex').slice(0, 10)}`;

export const enrolledIn = ({ truth }: RunRecord): number =>
  [...truth.enrolments.values()].reduce((sum, { size }) => sum + size, 0);

function failed(error: unknown): Evidence {
  return { bit: true, text: 'the fault failed', problems: [`the fault failed: ${errorText(error)}`] };
}

function figuresOf(
  records: readonly StudentRecord[],
): Pick<RoundResult, 'joined' | 'admitted' | 'longestGapMs' | 'longestWaitMs'> {
  const most = (numbers: readonly number[]): number => numbers.reduce((high, one) => Math.max(high, one), 0);
  return {
    joined: records.filter(({ numbers }) => numbers.length > 0).length,
    admitted: records.filter(({ admissions }) => admissions.length > 0).length,
    longestGapMs: Math.round(most(records.flatMap(({ gaps }) => gaps))),
    longestWaitMs: Math.round(most(records.flatMap(({ waits }) => waits.map(({ ms }) => ms)))),
  };
}
