import { splitCores } from '../../support/cores';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { startOwnPod } from '../served/own-pod';
import { startPeer } from '../served/peer';
import { rounded } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, usPerStudentSecond, watchWindow, Witness } from '../window';

const FULL: Plan = { students: 10_000, repeats: 5, windowMs: 20_000, arriveMs: 15_000 };
const QUICK: Plan = { students: 2_000, repeats: 2, windowMs: 5_000, arriveMs: 4_000 };

const PING_INTERVAL_MS = 10_000;

/** Both servers hold their connections all the time; each is watched in its turn. */
export const idleBench: Bench = {
  name: 'idle',
  summary: 'server CPU of a silent connection: ours / a bare socket.io at the same ping interval',
  run: (options) =>
    withParts(async (keep) => {
      const plan = planOf(options, FULL, QUICK);
      const { students, repeats, windowMs, arriveMs } = plan;
      const cores = splitCores();
      const env = { PING_INTERVAL_MS: String(PING_INTERVAL_MS) };
      const ours = await keep(startOwnPod({ students, cores: cores.server, env }));
      const bare = await keep(
        startPeer({ name: 'bare socket.io', program: 'bare-socket-io', cores: cores.server, env }),
      );
      const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
      for (const { url } of [ours, bare]) {
        await fill(swarm, { urls: [url], comers: ours.comers, conduct: { kind: 'silent' }, overMs: arriveMs });
      }
      const witness = new Witness();
      const measure = async (side: typeof bare | typeof ours): Promise<number> => {
        return usPerStudentSecond(witness.see(await watchWindow([side], swarm, windowMs)), students);
      };
      const turns = await inTurn([ours, bare], repeats, measure, options.say);
      return {
        figures: {
          cpuRatio: rounded(turns.ratio('ours', 'bare socket.io').median),
          oursUs: rounded(turns.of('ours').median),
          bareUs: rounded(turns.of('bare socket.io').median),
        },
        targets: [
          { figure: 'cpuRatio', what: 'CPU per silent student-second, ours / bare', limit: 0.6, sense: 'at most' },
          { figure: 'oursUs', what: 'the same in µs, ours', limit: 6, sense: 'at most' },
        ],
        rows: turns.rows('µs per student-second', 2),
        plot: turns.plot('µs per student-second'),
        notes: [
          `medians of ${repeats} windows of ${windowMs / 1_000} s each, in turn; least and most in brackets`,
          `${students} raw WebSocket clients on each side that have signed in, and are in no line; ` +
            `heartbeats of ${PING_INTERVAL_MS / 1_000} s`,
          'both servers on one core, the swarm on the others; embedded',
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};
