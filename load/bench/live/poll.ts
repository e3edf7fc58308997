import { splitCores } from '../../support/cores';
import type { Conduct } from '../../swarm/plan';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { environmentOf, startOwnPod } from '../served/own-pod';
import { startPeer } from '../served/peer';
import type { Served } from '../served/served';
import { rounded } from '../spread';
import { inTurn, withParts } from '../turns';
import { fill, usPerStudentSecond, watchWindow, Witness } from '../window';
import { clientsOf, takesExtrapolating } from './clients';

const FULL: Plan = { students: 2_000, repeats: 5, windowMs: 10_000, arriveMs: 5_000 };
const QUICK: Plan = { students: 300, repeats: 1, windowMs: 5_000, arriveMs: 2_000 };

/** Students let in per second. */
const RATE = 2;
const POLL_MS = 1_000;

interface Side extends Served {
  conduct: Conduct;
}

/** Pushing against asking: who polls has an answer each second, too, out of the memory of the process that is asked. */
export const pollBench: Bench = {
  name: 'poll',
  summary: 'server CPU of a waiting student: pushed by ours / the same place asked for by HTTP each second',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const cores = splitCores();
      const sides: Side[] = [];
      const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
      for (const kind of ['extrapolating', 'plain']) {
        const pod = await keep(startOwnPod({ students, cores: cores.server }));
        if (kind === 'extrapolating' && !(await takesExtrapolating(pod, swarm))) continue;
        await pod.operator.makeRoom({ id: 'poll', ratePerSecond: RATE });
        const conduct = clientsOf(kind, 'poll');
        sides.push({ ...pod, name: kind, conduct });
        await fill(swarm, { urls: [pod.url], comers: pod.comers, conduct, overMs: arriveMs });
      }
      const { mint, variables } = environmentOf();
      const polled = await keep(
        startPeer({
          name: 'polled',
          program: 'polled',
          cores: cores.server,
          env: { ...variables, RATE: String(RATE) },
        }),
      );
      const polling: Conduct = { kind: 'polling', paths: ['/position'], everyMs: POLL_MS };
      await fill(swarm, { urls: [polled.url], comers: mint.comers(students), conduct: polling, overMs: arriveMs });
      sides.push({ ...polled, conduct: polling });

      const witness = new Witness();
      const measure = async (side: Side): Promise<number> => {
        const window = witness.see(await watchWindow([side], swarm, windowMs));
        const refused = Object.keys(window.tally.refused);
        if (refused.length > 0) witness.fail(`answers that are none: ${refused.join(', ')}`);
        return usPerStudentSecond(window, students);
      };
      const turns = await inTurn(sides, repeats, measure, options.say);
      const names = sides.map(({ name }) => name).filter((name) => name !== 'polled');
      return {
        figures: {
          ...Object.fromEntries(names.map((name) => [`${name}Ratio`, rounded(turns.ratio(name, 'polled').median)])),
          ...Object.fromEntries(names.map((name) => [`${name}Us`, rounded(turns.of(name).median)])),
          polledUs: rounded(turns.of('polled').median),
        },
        targets: [
          {
            figure: 'extrapolatingRatio',
            what: 'CPU per student-second, extrapolating / polled',
            limit: 0.05,
            sense: 'at most',
          },
        ],
        rows: turns.rows('µs per student-second'),
        plot: turns.plot('µs per student-second'),
        notes: [
          `medians of ${repeats} windows of ${windowMs / 1_000} s each, in turn; least and most in brackets`,
          `${students} raw clients on each side; the line moves by ${RATE} a second. Polling: a NestJS controller, the same ` +
            `sign-in check and index of positions, one kept connection each, asked every ${POLL_MS / 1_000} s`,
          ...(names.includes('extrapolating')
            ? []
            : ['extrapolating: not measured, for this service does not know such clients']),
          'all servers on one core, the swarm on the others; embedded',
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};
