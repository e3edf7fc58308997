import { splitCores } from '../../support/cores';
import { Swarm } from '../../swarm/swarm';
import { type Bench, type Plan, planOf } from '../bench';
import { startOwnPod } from '../served/own-pod';
import { rounded, spreadOf, spreadText } from '../spread';
import { withParts } from '../turns';
import { fill, watchWindow, Witness } from '../window';
import { takesExtrapolating } from './clients';

const FULL: Plan = { students: 5_000, repeats: 5, windowMs: 30_000, arriveMs: 15_000 };
const QUICK: Plan = { students: 2_000, repeats: 2, windowMs: 8_000, arriveMs: 6_000 };

const ROOM = 'frames';
/** Students let in per second, another rate in each window: the speed that clients reckon with is wrong at first. */
const RATES = [10, 20, 5];

/** Every student has two clients, a plain one and one that extrapolates: they see the same line at the same time. */
export const framesBench: Bench = {
  name: 'frames',
  summary: 'position messages that an extrapolating client needs / a plain one; how far off the shown number ever is',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs } = planOf(options, FULL, QUICK);
      const cores = splitCores();
      const ours = await keep(startOwnPod({ students, cores: cores.server }));
      const swarm = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
      if (!(await takesExtrapolating(ours, swarm))) throw new Error('this service does not know extrapolating clients');
      await ours.operator.makeRoom({ id: ROOM });
      const { url, comers } = ours;
      await fill(swarm, { urls: [url], comers, conduct: { kind: 'twins', roomId: ROOM }, overMs: arriveMs });
      const witness = new Witness();
      const [plain, seldom, ratios]: [number[], number[], number[]] = [[], [], []];
      let [front, behindShare] = [0, 0];
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        await ours.operator.setRate(ROOM, RATES[repeat % RATES.length] ?? 0);
        const { tally, durationMs } = witness.see(await watchWindow([ours], swarm, windowMs));
        if (tally.counts.toldEachSecond === 0)
          throw new Error('nobody waited beyond the first 100: more students are needed');
        const perMinute = (count: number): number => count / students / (durationMs / 60_000);
        plain.push(perMinute(tally.counts.toldEachSecond));
        seldom.push(perMinute(tally.counts.toldSeldom));
        ratios.push(tally.counts.toldSeldom / tally.counts.toldEachSecond);
        front = Math.max(front, tally.worstError.front);
        behindShare = Math.max(behindShare, tally.worstError.behindShare);
        options.say(
          `${repeat + 1}/${repeats}: ${seldom.at(-1)?.toFixed(1)} / ${plain.at(-1)?.toFixed(1)} messages a minute`,
        );
      }
      return {
        figures: {
          framesRatio: rounded(spreadOf(ratios).median),
          worstFrontPlaces: front,
          worstBehindPercent: rounded(behindShare * 100),
          extrapolatingPerMinute: rounded(spreadOf(seldom).median),
          plainPerMinute: rounded(spreadOf(plain).median),
        },
        targets: [
          {
            figure: 'framesRatio',
            what: 'messages beyond the first 100, extrapolating / plain',
            limit: 0.08,
            sense: 'at most',
          },
          {
            figure: 'worstFrontPlaces',
            what: 'worst shown error in the first 100, places',
            limit: 1,
            sense: 'at most',
          },
          { figure: 'worstBehindPercent', what: 'worst shown error further back, %', limit: 1, sense: 'at most' },
        ],
        rows: [
          { client: 'plain', 'messages per student-minute': spreadText(spreadOf(plain), 1) },
          { client: 'extrapolating', 'messages per student-minute': spreadText(spreadOf(seldom), 1) },
          { client: 'extrapolating / plain', 'messages per student-minute': spreadText(spreadOf(ratios), 3) },
        ],
        plot: {
          unit: 'messages per student-minute',
          bars: [
            { label: 'plain', spread: spreadOf(plain) },
            { label: 'extrapolating', spread: spreadOf(seldom) },
          ],
        },
        notes: [
          `medians of ${repeats} windows of ${windowMs / 1_000} s each; least and most in brackets`,
          `${students} students with two raw WebSocket clients each; the line moves by ${RATES.join(', ')} a second in turn`,
          'the error: the shown number when a plain client’s exact one was taken, before any news of that moment, on one clock; the worst over all windows and students',
          'the server on one core, the swarm on the others; embedded',
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};
