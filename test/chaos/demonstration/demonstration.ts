import { setTimeout as pause } from 'node:timers/promises';
import { judge } from '../../../load/judge/judge';
import type { RunRecord } from '../../../load/judge/record';
import { SeededRandom } from '../../../load/support/random';
import { OperatorClient } from '../../support/operator';
import { keepRecord } from '../keep-record';
import { readRound } from '../read-round';
import { openRound, type OpenedRound } from '../open-round';
import type { World } from '../world/world';
import type { DemonstrationOptions } from './options';
import { demonstrationReport, type DemonstrationReport, type Strike } from './report';

/** Part of the students who are let in while pods are killed and rolled: most of them wait all the time. */
const ADMITTED_MEANWHILE = 0.3;
/** Afterwards everybody is let in within about so many seconds. */
const OUTFLOW_SECONDS = 15;
const ARRIVE_MS = 10_000;
/** How long a killed pod stays away before it is started again, as by an orchestrator, ms. */
const AWAY_MS = 1_000;
/** The service's own defaults: what the students' clients and the drain count on, ms. */
const DEFAULTS = { longestBackoffMs: 10_000, drainMs: 20_000 };
/** Shorter than the default, for students stay away for up to a third of it, ms. */
const GRACE_MS = 60_000;
const PATIENCE_MS = 180_000;
const SECOND_MS = 1_000;

/** The whole demonstration in a world of its own. */
export async function demonstrate(
  world: World,
  options: DemonstrationOptions,
  say: (line: string) => void,
): Promise<DemonstrationReport> {
  const random = new SeededRandom(options.seed);
  say(`Signing ${options.students} students in …`);
  const round = await openRound(world, {
    runId: `demonstration-${options.seed}`
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 24),
    students: options.students,
    random,
    arriveMs: ARRIVE_MS,
    graceMs: GRACE_MS,
    longestBackoffMs: DEFAULTS.longestBackoffMs,
    policy: {
      ratePerSecond: Math.max(1, (ADMITTED_MEANWHILE * options.students) / options.seconds),
      capacity: Math.max(20, options.students),
    },
    opensInMs: ARRIVE_MS,
  });
  const { swarm } = round;
  swarm.start();
  await swarm.until((all) => all.count('coming') === 0, ARRIVE_MS * 3);
  say(`${swarm.count('waiting')} students wait, on ${swarm.connected()} connections.`);
  const startedAt = Date.now();
  const strikes = await strikeOnAndOn(world, round, options, random.fork('strikes'), say);
  say('Everybody is let in …');
  const ratePerSecond = Math.ceil(options.students / OUTFLOW_SECONDS);
  await new OperatorClient(world.url, world.operatorToken).changeRoom(round.roomId, { ratePerSecond });
  const completed = await swarm.finish(PATIENCE_MS);
  const record = await recordOf(world, round, startedAt, ratePerSecond);
  const { broken } = judge(record);
  const keptIn = broken.length > 0 ? keepRecord(round.roomId, record) : undefined;
  return demonstrationReport({ options, completed, strikes, record, broken, keptIn });
}

async function strikeOnAndOn(
  world: World,
  { swarm }: OpenedRound,
  { seconds, every }: DemonstrationOptions,
  random: SeededRandom,
  say: (line: string) => void,
): Promise<Strike[]> {
  const strikes: Strike[] = [];
  const began = Date.now();
  for (let due = began; due < began + seconds * SECOND_MS; due += every * SECOND_MS) {
    await pause(Math.max(0, due - Date.now()));
    const strike = await strikeOnce(world, swarm, random);
    strikes.push(strike);
    const { killed, rolled, cut, tookMs } = strike;
    const at = Math.round((Date.now() - began) / SECOND_MS);
    const took = (tookMs / SECOND_MS).toFixed(1);
    say(
      `${String(at).padStart(4)} s   pod ${killed} killed, pod ${rolled} rolled, both back after ${took} s;` +
        ` ${cut} connections moved; waiting ${swarm.count('waiting')}, let in ${swarm.admitted()}`,
    );
  }
  const rest = began + seconds * SECOND_MS - Date.now();
  await pause(Math.max(0, rest));
  return strikes;
}

/** Kills one pod and rolls another one at the same time; both are back at the end. */
async function strikeOnce(world: World, swarm: OpenedRound['swarm'], random: SeededRandom): Promise<Strike> {
  const [victim, rolling] = random.shuffled(world.pods);
  if (!victim || !rolling) throw new Error('at least two pods are needed');
  const at = Date.now();
  const kill = async (): Promise<void> => {
    await victim.kill();
    await pause(AWAY_MS);
    await victim.start();
  };
  const roll = async (): Promise<number> => {
    const drainMs = await rolling.terminate(DEFAULTS.drainMs + 10_000);
    await rolling.start();
    return drainMs;
  };
  const [, drainMs] = await Promise.all([kill(), roll()]);
  const cut = swarm.cutsSince(at);
  return { killed: victim.index, rolled: rolling.index, cut, drainMs, tookMs: Date.now() - at };
}

async function recordOf(world: World, round: OpenedRound, faultAt: number, ratePerSecond: number): Promise<RunRecord> {
  const logs = world.pods.map((pod) => pod.output());
  // The rate of every moment is judged by the trail; over all lives of the line, by the highest.
  const facts = await readRound(world, { ...round, policy: { ...round.policy, ratePerSecond } });
  const wrongExits = world.wrongExits.map(({ pod, exit }) => `pod ${pod}: ${JSON.stringify(exit)}`);
  const expects = { socketsKept: false, mayRefuse: 'joins', socketIsPresence: true } as const;
  return { ...facts, service: { expects, faultAt, wrongExits, logs, faultProblems: [] } };
}
