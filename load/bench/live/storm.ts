import { splitCores } from '../../support/cores';
import type { Conduct } from '../../swarm/plan';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { rssMibOf } from '../memory';
import { environmentOf, startOwnPod } from '../served/own-pod';
import { startPeer } from '../served/peer';
import { rounded, spreadOf, spreadText } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, measure as measureFrom, Witness } from '../window';

const FULL: Plan = { students: 10_000, repeats: 5, windowMs: 0, arriveMs: 10_000 };
const QUICK: Plan = { students: 800, repeats: 1, windowMs: 0, arriveMs: 1_500 };

const ROOM = 'storm';
/** After it nobody has anything left to do, ms. */
const SETTLE_MS = 3_000;

interface Storm {
  cpuUs: number;
  rssKib: number;
  joined: number;
  duplicates: number;
  joinP99Ms: number;
}

/** Each storm breaks over a server that was just started, in turn. */
export const stormBench: Bench = {
  name: 'storm',
  summary:
    'thousands connect and join in ten seconds: CPU and memory of each, ours / a bare socket.io with the same sign-in',
  run: async (options) => {
    const { students, repeats, arriveMs } = planOf(options, FULL, QUICK);
    const cores = splitCores();
    const witness = new Witness();
    const storms = new Map<string, Storm[]>();

    const measure = ({ name }: { name: string }): Promise<number> =>
      withParts(async (keep) => {
        const ours = name === 'ours' ? await keep(startOwnPod({ students, cores: cores.server })) : undefined;
        const { mint, variables } = environmentOf();
        const server =
          ours ??
          (await keep(startPeer({ name, program: 'bare-socket-io', cores: cores.server, env: { ...variables } })));
        const comers = ours?.comers ?? mint.comers(students);
        const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
        await ours?.operator.makeRoom({ id: ROOM });
        const conduct: Conduct = ours ? { kind: 'waiting', roomId: ROOM } : { kind: 'silent' };
        const rssBefore = rssMibOf(server.pids);
        const end = measureFrom([server]);
        await fill(swarm, { urls: [server.url], comers, conduct, overMs: arriveMs });
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        const report = await swarm.report();
        const { spentMs, others } = end();
        witness.see({ ...report, others });
        const numbers = await swarm.numbers();
        const storm: Storm = {
          cpuUs: ((spentMs[0] ?? 0) * 1_000) / students,
          rssKib: ((rssMibOf(server.pids) - rssBefore) * 1_024) / students,
          joined: ours ? new Set(numbers).size : report.tally.counts.connected,
          duplicates: numbers.length - new Set(numbers).size,
          joinP99Ms: report.tally.times[ours ? 'joinMs' : 'connectMs'].percentiles().p99,
        };
        storms.set(name, [...(storms.get(name) ?? []), storm]);
        return storm.cpuUs;
      });

    const sides = [{ name: 'ours' }, { name: 'bare socket.io' }];
    const turns = await inTurn(sides, repeats, measure, options.say);
    const of = (name: string, figure: keyof Storm): number[] => (storms.get(name) ?? []).map((storm) => storm[figure]);
    const rss = { ours: spreadOf(of('ours', 'rssKib')), bare: spreadOf(of('bare socket.io', 'rssKib')) };
    return {
      figures: {
        joined: Math.min(...of('ours', 'joined')),
        duplicates: Math.max(...of('ours', 'duplicates')),
        cpuRatio: rounded(turns.ratio('ours', 'bare socket.io').median),
        rssRatio: rounded(rss.ours.median / rss.bare.median),
        oursUs: rounded(turns.of('ours').median),
        bareUs: rounded(turns.of('bare socket.io').median),
        oursKib: rounded(rss.ours.median),
        bareKib: rounded(rss.bare.median),
        joinP99Ms: rounded(spreadOf(of('ours', 'joinP99Ms')).median),
      },
      targets: [
        { figure: 'joined', what: 'students with a place', limit: students, sense: 'at least' },
        { figure: 'duplicates', what: 'places given twice', limit: 0, sense: 'at most' },
        {
          figure: 'cpuRatio',
          what: 'CPU to connect and join, ours / bare handshake with sign-in',
          limit: 1.3,
          sense: 'at most',
        },
        { figure: 'rssRatio', what: 'memory per student, ours / bare', limit: 1.3, sense: 'at most' },
      ],
      rows: sides.map(({ name }) => ({
        side: name,
        'CPU µs per student': spreadText(turns.of(name), 0),
        'RSS KiB per student': spreadText(spreadOf(of(name, 'rssKib')), 1),
        'there after p99 ms': spreadText(spreadOf(of(name, 'joinP99Ms')), 0),
      })),
      plot: turns.plot('CPU µs per student'),
      notes: [
        `medians of ${repeats} storms each, in turn, each on a server just started; least and most in brackets`,
        `${students} raw WebSocket clients in ${arriveMs / 1_000} s, open loop: waiting counts from when each was to come. ` +
          'Ours sign in, connect and join; the bare server’s sign in by the same check and connect. The heartbeats until ' +
          `${SETTLE_MS / 1_000} s after the last one are in the CPU time of both`,
        'the server on one core, the swarm on the others; embedded; no limit of handshakes',
        ...witness.notes,
      ],
      invalid: witness.invalid,
    };
  },
};
