import { splitCores } from '../../support/cores';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { type OwnCluster, startOwnCluster } from '../served/own-cluster';
import { rounded } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, usPerStudentSecond, watchWindow, Witness } from '../window';
import { clientsOf } from './clients';

const FULL: Plan = { students: 4_000, repeats: 5, windowMs: 15_000, arriveMs: 10_000 };
const QUICK: Plan = { students: 400, repeats: 1, windowMs: 5_000, arriveMs: 2_000 };

const RATE = 5;
const ROOM = 'pods';

/** Two clusters with the same crowd each; either line moves while that one is watched, in turn. */
export const podsBench: Bench = {
  name: 'pods',
  summary: 'CPU of all pods for a waiting student behind nginx: four pods / one',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const cores = splitCores();
      const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
      const { database } = options;
      const sides: OwnCluster[] = [];
      for (const pods of [4, 1]) {
        const cluster = await keep(startOwnCluster({ students, pods, database, cores: cores.server }));
        sides.push({ ...cluster, name: `${pods} pod${pods > 1 ? 's' : ''}` });
        await cluster.operator.makeRoom({ id: ROOM });
        const { url, comers } = cluster;
        await fill(swarm, { urls: [url], comers, conduct: clientsOf('plain', ROOM), overMs: arriveMs });
      }
      const witness = new Witness();
      const measure = async (side: OwnCluster): Promise<number> => {
        await side.operator.setRate(ROOM, RATE);
        const us = usPerStudentSecond(witness.see(await watchWindow([side], swarm, windowMs)), students);
        await side.operator.setRate(ROOM, 0);
        return us;
      };
      const turns = await inTurn(sides, repeats, measure, options.say);
      return {
        figures: {
          cpuRatio: rounded(turns.ratio('4 pods', '1 pod').median),
          fourUs: rounded(turns.of('4 pods').median),
          oneUs: rounded(turns.of('1 pod').median),
        },
        targets: [{ figure: 'cpuRatio', what: 'CPU per student-second, 4 pods / 1', limit: 1.15, sense: 'at most' }],
        rows: turns.rows('µs per student-second'),
        plot: turns.plot('µs per student-second'),
        notes: [
          `medians of ${repeats} windows of ${windowMs / 1_000} s each, in turn; least and most in brackets`,
          `${students} raw WebSocket clients on each side, plain; the line that is watched moves by ${RATE} a second`,
          'pods, stores and nginx on one core, the swarm on the others; the time of the pods alone counts',
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};
