import { availableParallelism } from 'node:os';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type BenchReport, type Plan, planOf } from '../bench';
import { rssMibOf } from '../memory';
import { startOwnCluster } from '../served/own-cluster';
import type { Served } from '../served/served';
import { rounded } from '../spread';
import { withParts } from '../turns';
import { fill, percent, watchWindow, Witness } from '../window';
import { clientsOf, takesExtrapolating } from './clients';

const FULL: Plan = { students: 50_000, repeats: 1, windowMs: 60_000, arriveMs: 150_000 };
const QUICK: Plan = { students: 1_500, repeats: 1, windowMs: 6_000, arriveMs: 5_000 };

/** Descriptors of one process, and so connections of one pod or process of the swarm, are limited to 20,000 in many places. */
const PER_PROCESS = 15_000;
const RATE = 10;
const ROOM = 'most';

/** Positions that are older than this have nobody waiting live any more, ms. */
const OLDEST_MS = 2_000;

/** All of it on this machine: pods, stores, and the crowd. */
export const mostBench: Bench = {
  name: 'most',
  summary: 'students held for a minute on this machine, pods, stores and crowd together',
  run: (options) =>
    withParts(async (keep) => {
      const { students, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const processes = Math.max(2, Math.ceil(students / PER_PROCESS));
      const ours = await keep(startOwnCluster({ students, pods: processes, database: options.database }));
      const swarm = await keep(Swarm.start({ processes }));
      const isKnown = await takesExtrapolating(ours, swarm);
      const kind = isKnown ? 'extrapolating' : 'plain';
      await ours.operator.makeRoom({ id: ROOM, ratePerSecond: RATE });
      options.say(`${students} ${kind} clients join`);
      const conduct = clientsOf(kind, ROOM);
      await fill(swarm, { urls: ours.podUrls, comers: ours.comers, conduct, overMs: arriveMs });
      const parts = partsOf(ours, swarm);
      const witness = new Witness();
      const window = witness.see(await watchWindow(parts, swarm, windowMs));
      const age = window.tally.times.positionAgeMs.percentiles();
      if (age.p99 > OLDEST_MS) witness.fail(`positions were ${age.p99} ms old (p99): this is not waiting live`);
      return {
        figures: {
          held: students - window.tally.counts.lost,
          positionAgeP99Ms: age.p99,
          framesPerStudentSecond: rounded(window.tally.counts.positions / students / (window.durationMs / 1_000)),
        },
        targets: [{ figure: 'held', what: 'students held', limit: 50_000, sense: 'at least' }],
        rows: parts.map((part, index) => rowOf(part, (window.spentMs[index] ?? 0) / window.durationMs)),
        notes: [
          `one hold of ${windowMs / 1_000} s after ${arriveMs / 1_000} s of arrivals; the line moves by ${RATE} a second`,
          `${kind} clients on raw WebSockets, straight to the pods (nginx would need two descriptors for each); ` +
            `${availableParallelism()} cores for everything`,
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};

function partsOf(ours: Awaited<ReturnType<typeof startOwnCluster>>, swarm: Swarm): Served[] {
  const part = (name: string, pids: number[]): Served => ({ name, url: '', pids, stop: async () => undefined });
  return [
    ...ours.pids.map((pid, index) => part(`pod ${index + 1}`, [pid])),
    ...Object.entries(ours.stores).map(([name, pids]) => part(name, pids)),
    ...swarm.pids.map((pid, index) => part(`swarm ${index + 1}`, [pid])),
  ];
}

const rowOf = ({ name, pids }: Served, share: number): BenchReport['rows'][number] => ({
  process: name,
  'of a core': percent(share),
  'RSS MiB': Math.round(rssMibOf(pids)),
});
