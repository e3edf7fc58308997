import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Swarm } from '../../swarm/swarm';
import { splitCores } from '../../support/cores';
import { type Bench, type BenchOptions, type BenchReport, planOf } from '../bench';
import { startOwnCluster } from '../served/own-cluster';
import { startOwnPod } from '../served/own-pod';
import type { Served } from '../served/served';
import { rounded, spreadOf } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, measure as measureFrom, Witness } from '../window';
import { clientsOf } from './clients';

const FULL = { students: 3_000, repeats: 5, arriveMs: 10_000, offered: 2_000, rush: { students: 3_000, seed: '31' } };
const QUICK = { students: 400, repeats: 1, arriveMs: 2_000, offered: 1_000, rush: undefined };

const ROOT = join(__dirname, '../../..');
/** How long connections are offered to a pod whose turns are long, ms. */
const OFFER_MS = 3_000;
/** Everything that a join brings about has happened, ms. */
const SETTLE_MS = 3_000;

/** What a storm costs where it is spread over pods, stores and nginx; and how soon a pod takes connections while it works. */
export const stormClusterBench: Bench = {
  name: 'storm-cluster',
  summary:
    'the storm on two pods with stores and nginx: CPU per join, all servers / embedded; connections taken while turns are long',
  run: async (options) => {
    const plan = planOf<typeof FULL | typeof QUICK>(options, FULL, QUICK);
    const witness = new Witness();
    const joins = await joinCosts(plan, options, witness);
    const taken = await takenWhileBusy(plan.offered, witness);
    const rush = plan.rush && (await rushJoinP99(plan.rush, options));
    return {
      figures: { ...joins.figures, takenPerSecond: rounded(taken), ...(rush && { rushJoinP99Ms: rounded(rush) }) },
      targets: [
        { figure: 'cpuRatio', what: 'CPU per join, all servers of the cluster / embedded', limit: 2, sense: 'at most' },
        {
          figure: 'rushJoinP99Ms',
          what: 'joins of a rush of 3,000 on the cluster, p99, ms',
          limit: 500,
          sense: 'at most',
        },
        { figure: 'takenPerSecond', what: 'connections per second, turns of 10 ms', limit: 1_000, sense: 'at least' },
      ],
      rows: joins.rows,
      notes: [
        `medians of ${plan.repeats} storms each, in turn, each into a new room of servers that were warm; least and most in brackets`,
        `${plan.students} raw WebSocket clients in ${plan.arriveMs / 1_000} s, open loop, plain; through nginx to two pods, or straight to the embedded one`,
        `${plan.offered} connections a second are offered for ${OFFER_MS / 1_000} s to an embedded pod whose every turn works for 10 ms`,
        plan.rush ? 'the rush: npm run rush -- --students 3000 --seed 31 --cluster' : 'the rush is not part of --quick',
        'servers and swarm share all cores, as the cluster needs more than one',
        ...witness.notes,
      ],
      invalid: witness.invalid,
    };
  },
};

interface JoinPlan {
  students: number;
  repeats: number;
  arriveMs: number;
}

function joinCosts(
  { students, repeats, arriveMs }: JoinPlan,
  { database, say }: BenchOptions,
  witness: Witness,
): Promise<Pick<BenchReport, 'figures' | 'rows'>> {
  return withParts(async (keep) => {
    const cluster = await keep(startOwnCluster({ students, pods: 2, database }));
    const embedded = await keep(startOwnPod({ students }));
    const swarm = await keep(Swarm.start({ processes: 2 }));
    const { stores, pids } = cluster;
    const byPart: Record<string, number[]> = { pods: pids, ...stores };
    const spent = new Map<string, number[]>();
    const p99 = new Map<string, number[]>();
    const note = (to: Map<string, number[]>, name: string, value: number): void =>
      void to.set(name, [...(to.get(name) ?? []), value]);
    const sides = [
      { ...cluster, name: 'cluster' },
      { ...embedded, name: 'embedded' },
    ];
    let rooms = 0;
    const measure = async ({ name, url, comers, operator, pids: own }: (typeof sides)[number]): Promise<number> => {
      const roomId = `storm-${(rooms += 1)}`;
      await operator.makeRoom({ id: roomId });
      const parts = name === 'cluster' ? byPart : { embedded: own };
      const servers = Object.entries(parts).map(([part, ids]): Served => ({
        name: part,
        url,
        pids: ids,
        stop: async () => undefined,
      }));
      const end = measureFrom(servers);
      await fill(swarm, { urls: [url], comers, conduct: clientsOf('plain', roomId), overMs: arriveMs });
      await pause(SETTLE_MS);
      const report = await swarm.report();
      const { spentMs, others } = end();
      witness.see({ ...report, others });
      spentMs.forEach((ms, index) => note(spent, servers[index]?.name ?? '', (ms * 1_000) / students));
      note(p99, name, report.tally.times.joinMs.percentiles().p99);
      await swarm.leave();
      // What their going costs is nothing of the next storm.
      await pause(SETTLE_MS);
      return (spentMs.reduce((sum, ms) => sum + ms, 0) * 1_000) / students;
    };
    const turns = await inTurn(sides, repeats, measure, say);
    const parts = [...spent].map(([part, values]) => [part, spreadOf(values).median] as const);
    return {
      figures: {
        cpuRatio: rounded(turns.ratio('cluster', 'embedded').median),
        clusterUs: rounded(turns.of('cluster').median),
        embeddedUs: rounded(turns.of('embedded').median),
        clusterJoinP99Ms: rounded(spreadOf(p99.get('cluster') ?? []).median),
        ...Object.fromEntries(parts.map(([part, us]) => [`${part}Us`, rounded(us)])),
      },
      rows: [
        ...turns.rows('CPU µs per join', 0),
        ...parts.map(([part, us]) => ({ side: `of which ${part}`, 'CPU µs per join': us.toFixed(0) })),
      ],
    };
  });
}

/** @returns connections that got their socket, per second while they were offered */
function takenWhileBusy(perSecond: number, witness: Witness): Promise<number> {
  return withParts(async (keep) => {
    const cores = splitCores();
    const students = (perSecond * OFFER_MS) / 1_000;
    const env = { NODE_OPTIONS: `--require ${join(__dirname, 'long-turns.cjs')}` };
    const pod = await keep(startOwnPod({ students, cores: cores.server, env }));
    const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
    await swarm.clear();
    await swarm.arrive({ urls: [pod.url], comers: pod.comers, conduct: { kind: 'silent' }, overMs: OFFER_MS });
    const { tally, starved, busiest } = await swarm.report();
    if (starved) witness.fail(`the generator was starved (its event loop ${Math.round(busiest * 100)} % busy)`);
    return tally.counts.connected / (OFFER_MS / 1_000);
  });
}

async function rushJoinP99(
  { students, seed }: { students: number; seed: string },
  { database, say }: BenchOptions,
): Promise<number> {
  say(`a rush of ${students} students`);
  const script = join(ROOT, 'load/rush/main.ts');
  const options = ['--students', String(students), '--seed', seed, '--cluster', '--database', database, '--json'];
  const child = spawn(process.execPath, ['--require', '@swc-node/register', script, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  const last = output.trim().split('\n').at(-1) ?? '';
  const report = JSON.parse(last) as { pass: boolean; error?: string; latency?: { join: { p99: number } } };
  if (!report.latency) throw new Error(`the rush could not be run: ${report.error}`);
  return report.latency.join.p99;
}
