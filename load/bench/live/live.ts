import { splitCores } from '../../support/cores';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type BenchOptions, type Plan, planOf } from '../bench';
import { limitMemory, peakRssMibOf, rssMibOf } from '../memory';
import { LEASE_SECONDS } from '../served/operator';
import { startOwnPod } from '../served/own-pod';
import { rounded, spreadOf, spreadText } from '../spread';
import { withParts } from '../turns';
import { fill, percent, watchWindow, Witness } from '../window';
import { clientsOf, takesExtrapolating } from './clients';

const FULL: Plan = { students: 10_000, repeats: 3, windowMs: 60_000, arriveMs: 15_000 };
const QUICK: Plan = { students: 1_000, repeats: 1, windowMs: 6_000, arriveMs: 2_000 };

const LIMIT_MIB = 512;
/** Students let in per second. */
const RATE = 10;
const TURNS = 'sunbeon_event_loop_turns_total';
const LAG = 'sunbeon_event_loop_lag_seconds{figure="p99"}';

interface Hold {
  cpuShare: number;
  lagP99Ms: number;
  turnsPerSecond: number;
  admissionP99Ms: number;
  ageP99Ms: number;
  rssMib: number;
  peakMib: number;
}

/** A crowd waits on one core and in little memory, while the line moves; a new server for each repeat and kind of client. */
export const liveBench: Bench = {
  name: 'live',
  summary: 'thousands wait for a minute on one core inside a real limit of 512 MiB: CPU, memory, lag, admissions',
  run: async (options) => {
    const plan = planOf(options, FULL, QUICK);
    const witness = new Witness();
    const holds: Record<string, Hold[]> = { plain: [], extrapolating: [] };
    const said = new Set<string>();
    for (let repeat = 1; repeat <= plan.repeats; repeat += 1) {
      for (const kind of Object.keys(holds)) {
        const hold = await holdOnce(kind, plan, { witness, said }, options);
        if (!hold) continue;
        holds[kind]?.push(hold);
        options.say(
          `${repeat}/${plan.repeats} ${kind}: ${percent(hold.cpuShare)} of the core, ${Math.round(hold.rssMib)} MiB`,
        );
      }
    }
    const kinds = Object.keys(holds).filter((kind) => (holds[kind]?.length ?? 0) > 0);
    const spread = (kind: string, figure: keyof Hold) => spreadOf((holds[kind] ?? []).map((hold) => hold[figure]));
    const worst = (figure: keyof Hold): number => Math.max(...kinds.map((kind) => spread(kind, figure).median));
    return {
      figures: {
        lagP99Ms: rounded(worst('lagP99Ms')),
        admissionP99Ms: rounded(worst('admissionP99Ms')),
        ...Object.fromEntries(
          kinds.map((kind) => [`${kind}CpuPercent`, rounded(spread(kind, 'cpuShare').median * 100)]),
        ),
        rssMib: rounded(worst('rssMib')),
        peakRssMib: rounded(worst('peakMib')),
      },
      targets: [
        { figure: 'lagP99Ms', what: 'event-loop lag p99, ms', limit: 20, sense: 'at most' },
        { figure: 'admissionP99Ms', what: 'from admission to line:admitted p99, ms', limit: 200, sense: 'at most' },
        { figure: 'plainCpuPercent', what: '% of the core, plain clients', limit: 30, sense: 'at most' },
        { figure: 'extrapolatingCpuPercent', what: '% of the core, extrapolating clients', limit: 8, sense: 'at most' },
        { figure: 'rssMib', what: 'resident memory, MiB', limit: 350, sense: 'at most' },
      ],
      rows: kinds.map((kind) => ({
        clients: kind,
        '% of the core': spreadText(spreadOf((holds[kind] ?? []).map(({ cpuShare }) => cpuShare * 100)), 1),
        'RSS MiB': spreadText(spread(kind, 'rssMib')),
        'peak MiB': spreadText(spread(kind, 'peakMib')),
        'lag p99 ms': spreadText(spread(kind, 'lagP99Ms'), 1),
        'turns/s': spreadText(spread(kind, 'turnsPerSecond')),
        'admission p99 ms': spreadText(spread(kind, 'admissionP99Ms')),
        'position age p99 ms': spreadText(spread(kind, 'ageP99Ms')),
      })),
      notes: [
        `medians of ${plan.repeats} holds of ${plan.windowMs / 1_000} s for each kind of client, in turn, each on a server just started`,
        `${plan.students} raw WebSocket clients wait, ${RATE} a second are let in; heartbeats of 10 s`,
        `the limit: ${[...said].join('; ')}; lag and turns are the pod’s own metrics`,
        ...(kinds.includes('extrapolating')
          ? []
          : ['extrapolating: not measured, for this service does not know such clients']),
        'the server on one core, the swarm on the others; embedded',
        ...witness.notes,
      ],
      invalid: witness.invalid,
    };
  },
};

function holdOnce(
  kind: string,
  { students, windowMs, arriveMs }: Plan,
  { witness, said }: { witness: Witness; said: Set<string> },
  { say }: BenchOptions,
): Promise<Hold | undefined> {
  return withParts(async (keep) => {
    const cores = splitCores();
    const ours = await keep(startOwnPod({ students, cores: cores.server }));
    const pid = ours.pod.pid;
    const limit = limitMemory(pid, LIMIT_MIB);
    await keep(Promise.resolve({ stop: async () => limit.lift() }));
    said.add(limit.what);
    const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
    if (kind === 'extrapolating' && !(await takesExtrapolating(ours, swarm))) return undefined;
    const room = 'live';
    await ours.operator.makeRoom({ id: room, ratePerSecond: RATE });
    say(`${students} ${kind} clients join`);
    const conduct = clientsOf(kind, room);
    const leaseMs = LEASE_SECONDS * 1_000;
    await fill(swarm, { urls: [ours.url], comers: ours.comers, conduct, overMs: arriveMs, leaseMs });
    // The look begins the lag's histogram anew.
    const before = await ours.operator.metrics();
    const { durationMs, spentMs, tally } = witness.see(await watchWindow([ours], swarm, windowMs));
    const after = await ours.operator.metrics();
    const [lag, turns] = [after.get(LAG), (after.get(TURNS) ?? Number.NaN) - (before.get(TURNS) ?? Number.NaN)];
    if (lag === undefined || Number.isNaN(turns)) throw new Error(`the pod has no metrics ${LAG} and ${TURNS}`);
    return {
      cpuShare: (spentMs[0] ?? 0) / durationMs,
      lagP99Ms: lag * 1_000,
      turnsPerSecond: turns / (durationMs / 1_000),
      admissionP99Ms: tally.times.admissionMs.percentiles().p99,
      ageP99Ms: tally.times.positionAgeMs.percentiles().p99,
      rssMib: rssMibOf([pid]),
      peakMib: peakRssMibOf(pid),
    };
  });
}
