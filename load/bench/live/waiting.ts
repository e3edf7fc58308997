import { splitCores } from '../../support/cores';
import type { Conduct } from '../../swarm/plan';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { cpuMsOf } from '../cpu';
import { startOwnCluster } from '../served/own-cluster';
import { startPeer } from '../served/peer';
import type { Served } from '../served/served';
import { rounded } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, percent, usPerStudentSecond, watchWindow, Witness } from '../window';
import { clientsOf, takesExtrapolating } from './clients';

const FULL: Plan = { students: 5_000, repeats: 5, windowMs: 15_000, arriveMs: 10_000 };
const QUICK: Plan = { students: 500, repeats: 1, windowMs: 5_000, arriveMs: 2_000 };

/** Students let in per second, on all sides. */
const RATE = 10;

/** What was begun is over after this, ms. */
const SETTLE_MS = 1_500;

interface Side extends Served {
  conduct: Conduct;
  /** How many wait. */
  waiting: number;
  /** Whether the line moves. */
  move(on: boolean): Promise<unknown>;
}

/**
 * Everybody waits on all servers at once, on one core; the line of each moves while that one is watched, in turn. Redis is
 * shared, and told beside: it is not the pod's cost, but nobody should get it for nothing.
 */
export const waitingBench: Bench = {
  name: 'waiting',
  summary: 'server CPU of a waiting student while the line moves: ours / NestJS, socket.io and Redis as documented',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const cores = splitCores();
      const { database } = options;
      const ours = await keep(startOwnCluster({ students, pods: 2, database, cores: cores.server }));
      const { comers, operator, cluster } = ours;
      const redis = cluster.redis.pid;
      const [plainPod, extrapolatingPod] = cluster.pods;
      if (!plainPod || !extrapolatingPod) throw new Error('two pods are needed');
      const stock = await keep(
        startPeer({
          ...{ name: 'STOCK', program: 'stock', cores: cores.server },
          env: { REDIS_URL: cluster.redis.url, SIGNING_KEYS: cluster.env.SIGNING_KEYS ?? '' },
        }),
      );
      const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
      const both = await takesExtrapolating(ours, swarm);
      const pods = [
        { name: 'plain', pod: plainPod },
        ...(both ? [{ name: 'extrapolating', pod: extrapolatingPod }] : []),
      ];
      const sides: Side[] = [
        ...pods.map(({ name, pod: { url, pid } }) => ({
          ...{ name, url, pids: [pid], stop: async () => undefined, conduct: clientsOf(name, name), waiting: students },
          move: (on: boolean) => operator.setRate(name, on ? RATE : 0),
        })),
        {
          ...stock,
          ...{ conduct: clientsOf('plain', 'line'), waiting: students },
          move: (on: boolean) => stock.ask(`/push/${on ? 'on' : 'off'}`),
        },
      ];
      // Each pod's crowd has a line of its own: it would else be one, twice as long.
      for (const { name } of pods) await operator.makeRoom({ id: name });
      for (const { name, url, conduct } of sides) {
        options.say(`${students} join ${name}`);
        await fill(swarm, { urls: [url], comers, conduct, overMs: arriveMs });
      }
      const witness = new Witness();
      let redisShare = 0;
      const measure = async (side: Side): Promise<number> => {
        await side.move(true);
        side.waiting -= (await swarm.watch(SETTLE_MS)).tally.counts.admitted;
        const redisBefore = cpuMsOf(redis);
        const window = witness.see(await watchWindow([side], swarm, windowMs));
        redisShare = Math.max(redisShare, (cpuMsOf(redis) - redisBefore) / window.durationMs);
        await side.move(false);
        if (window.tally.counts.positions === 0) throw new Error(`${side.name} told no positions`);
        const { admitted } = window.tally.counts;
        const us = usPerStudentSecond(window, side.waiting - admitted / 2);
        side.waiting -= admitted;
        return us;
      };
      const turns = await inTurn(sides, repeats, measure, options.say);
      const figures: Record<string, number> = {
        plainRatio: rounded(turns.ratio('plain', 'STOCK').median),
        plainUs: rounded(turns.of('plain').median),
        stockUs: rounded(turns.of('STOCK').median),
      };
      if (both) {
        figures.extrapolatingRatio = rounded(turns.ratio('extrapolating', 'STOCK').median);
        figures.extrapolatingUs = rounded(turns.of('extrapolating').median);
      }
      return {
        figures,
        targets: [
          {
            figure: 'extrapolatingRatio',
            what: 'CPU per waiting student-second, extrapolating / STOCK',
            limit: 0.05,
            sense: 'at most',
          },
          { figure: 'plainRatio', what: 'the same, plain / STOCK', limit: 0.5, sense: 'at most' },
        ],
        rows: turns.rows('µs per student-second'),
        plot: turns.plot('µs per student-second'),
        notes: [
          `medians of ${repeats} windows of ${windowMs / 1_000} s each, in turn; least and most in brackets`,
          `${students} students wait on each side, the line moves by ${RATE} a second; raw WebSocket clients that answer ` +
            'heartbeats of 10 s; STOCK’s are plain: it has no others',
          ...(both ? [] : ['extrapolating: not measured, for this service does not know such clients']),
          'pods, STOCK, Redis and the database on one core, the swarm on the others; clustered; only the line that is watched moves',
          `Redis itself used ${percent(redisShare)} of a core at most`,
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};
