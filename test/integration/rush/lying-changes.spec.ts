import type { PromiseName } from '../../../load/judge/judge';
import type { Lie } from './lie';
import { rushOn } from './rush-on';

/** Which promises each lie about drops, swaps and waitlists must be seen to break. */
const LIES: [lie: Lie, broken: PromiseName[]][] = [
  ['a seat nobody asked for', ['uninvited', 'wrongAnswers', 'wrongOutcomes']],
  ['a drop that was not done', ['uninvited', 'wrongAnswers']],
  ['a swap that loses the old seat', ['brokenSwaps', 'wrongAnswers']],
  ['a swap that keeps the old seat', ['brokenSwaps', 'wrongAnswers']],
  ['a freed seat kept from the waitlist', ['seatsKeptFromWaiting', 'wrongOutcomes']],
  ['a freed seat for nobody', ['seatsHeldForNobody']],
  ['a freed seat given twice', ['sectionsOverCapacity', 'wrongOutcomes']],
  ['a waitlist served from its end', ['waitlistOvertakes']],
  ['a seat taken past the waitlist', ['waitlistOvertakes']],
  ['a turn on a waitlist lost', ['wrongWaits']],
  ['a promotion nobody is told of', ['wrongNews']],
  ['a promotion that is only told', ['wrongNews', 'wrongAnswers']],
];

/** Nobody thinks long. */
const CHANGES = ['--changes', '--thinking=0.6'];
/** What a lie has unsettled never will settle; an honest service has the usual time. */
const LYING = [...CHANGES, '--settle=0.5'];

/** What the lie needs to come out: here that students come after others have given up. */
const OPTIONS: Partial<Record<Lie, string[]>> = {
  'a seat taken past the waitlist': ['--arrive=4', '--thinking=0.3'],
};

describe('the rush with changes on a service that breaks a promise', () => {
  it.concurrent(
    'is content with the same service when it is honest',
    async () => {
      const { code, report } = await rushOn(undefined, CHANGES);
      expect(report).toMatchObject({ pass: true, finished: 60, broken: [] });
      const { drops, swaps, refusedSwaps, waitlisted, promoted, stillWaiting } = report.changes;
      for (const times of [drops, swaps, refusedSwaps, waitlisted, promoted, stillWaiting]) {
        expect(times).toBeGreaterThan(0);
      }
      expect(code).toBe(0);
    },
    120_000,
  );

  it.concurrent.each(LIES)(
    'fails for %s',
    async (lie, broken) => {
      const { code, report } = await rushOn(lie, [...LYING, ...(OPTIONS[lie] ?? [])]);
      expect(report.broken.map(({ name }) => name)).toEqual(expect.arrayContaining(broken));
      expect(code).toBe(1);
      expect(report).toMatchObject({ pass: false, completed: true });
    },
    120_000,
  );
});
