import fc from 'fast-check';
import { FRONT, tolerance } from '../../../src/common/reckoning';
import { ShownLine, type Step } from './shown-line';

/** The server looks at the front, and at those whom the line may carry far, this often; at all others each interval, ms. */
const GLANCE_MS = 100;
const INTERVAL_MS = 1_000;
const STEP_MS = 50;
/** How late a frame may be, ms. */
const LATEST_MS = 400;
/** Nothing is older than this on any page, ms: the longest look, and the way. */
const WHOLE_MS = INTERVAL_MS + GLANCE_MS + LATEST_MS;

/** Frames to such a page for one to a plain client, which is told each second. */
const SELDOM = 0.08;

/** What a line does for some time. */
interface Phase {
  steps: number;
  perSecond: number;
  /** Admitted in groups of so many steps' worth, as ticks and slow trails do it. */
  group: number;
  leavers: readonly number[];
  undurable: boolean;
  state: 'open' | 'paused' | 'recovering';
}

const phase: fc.Arbitrary<Phase> = fc.record({
  steps: fc.integer({ min: 10, max: 400 }),
  perSecond: fc.constantFrom(0, 0.5, 3, 10, 40),
  group: fc.constantFrom(1, 4, 20),
  leavers: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 20 }),
  undurable: fc.boolean(),
  state: fc.constantFrom('open', 'open', 'open', 'paused', 'recovering'),
});

/** The steps of a phase, with whoever is let in or leaves in each. */
function* stepsOf({ steps, perSecond, group, leavers, undurable, state }: Phase): Generator<Step> {
  let due = 0;
  for (let step = 0; step < steps; step++) {
    if (state === 'open') due += (perSecond * STEP_MS) / 1_000;
    const isDue = step % group === group - 1;
    const admitted = isDue ? Math.floor(due) : 0;
    due -= admitted;
    const leave = state === 'recovering' ? [] : leavers.filter((_, index) => index % steps === step);
    yield { admitted, leave, undurable: undurable && !isDue, state };
  }
}

/** What the page of one student showed, and what was true, at each step. */
class Watched {
  readonly problems: string[] = [];
  private readonly truths: number[] = [];
  private lowest = Infinity;
  private restoredAt = -Infinity;

  constructor(private readonly page: ShownLine['pages'][number]) {}

  look(line: ShownLine): void {
    const place = this.page.look();
    // While a line is restored it stands, and nobody is told of it: a look may fall into that time.
    if (line.replica.state === 'recovering') this.restoredAt = this.truths.length;
    else this.truths.push(line.truth(this.page));
    if (this.truths.length === 0) return;
    if (place.phase !== 'waiting' || place.position === undefined || !line.waits(this.page)) return;
    const { position, total } = place;
    this.check(position <= this.lowest, `${position} after ${this.lowest}`);
    this.check(position <= total, `${position} of ${total}`);
    this.lowest = position;
    this.checkBound(position);
  }

  /** Off by no more than is tolerated, of what was true at the last look whose news can have arrived. */
  private checkBound(shown: number): void {
    const now = this.truths.at(-1) as number;
    const ago = (ms: number): number => this.truths.at(-1 - ms / STEP_MS) ?? (this.truths[0] as number);
    const looks = (this.truths.length - this.restoredAt) * STEP_MS < 2 * WHOLE_MS ? 2 : 1;
    const before = ago(looks * (INTERVAL_MS + GLANCE_MS) + LATEST_MS);
    const seen = before <= FRONT ? ago(looks * GLANCE_MS + LATEST_MS) : before;
    this.check(shown <= seen + tolerance(seen), `${shown} where it had been ${seen}`);
    const ahead = shown < FRONT ? 1 : tolerance(before) + (this.page.fastest * WHOLE_MS) / 1_000;
    this.check(shown >= now - ahead, `${shown} where it is ${now}`);
    this.check(shown > 1 || now === 1, `next where it is ${now}`);
  }

  private check(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}

describe('the number that a page shows between two messages', () => {
  it('never rises, and is true within the tolerance, whatever becomes of the line and however late frames are', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: LATEST_MS / STEP_MS - 1 }), { minLength: 1, maxLength: 20 });
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 3_000 }), { minLength: 4, maxLength: 8 });
    const history = fc.array(phase, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(history, numbers, delays, fc.boolean(), async (phases, students, late, lottery) => {
        let sent = 0;
        const delayMs = (): number => (late[(sent += 1) % late.length] as number) * STEP_MS;
        const line = new ShownLine(3_000, students, delayMs, { lottery });
        const watched = line.pages.map((page) => new Watched(page));
        await line.go(STEP_MS);
        if (lottery) line.draw();
        for (const one of watched) one.look(line);
        for (const step of phases.flatMap((one) => [...stepsOf(one)])) {
          await line.go(STEP_MS, step);
          for (const one of watched) one.look(line);
        }
        expect(watched.flatMap(({ problems }) => problems)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('takes few messages where the line moves evenly', async () => {
    const students = [400, 900, 1_500, 2_200, 3_000, 3_700, 4_300, 4_900];
    const line = new ShownLine(5_000, students, () => STEP_MS);
    let minutes = 0;
    let told = 0;
    for (let step = 0; step < 120 * (1_000 / STEP_MS); step++) {
      const before = line.pages.map(({ frames }) => frames);
      await line.go(STEP_MS, { admitted: step % 4 === 0 ? 2 : 0 });
      line.pages.forEach((page, index) => {
        page.look();
        if (line.truth(page) <= FRONT) return;
        minutes += STEP_MS / 60_000;
        told += page.frames - (before[index] as number);
      });
    }
    expect(told / minutes).toBeLessThanOrEqual(SELDOM * 60);
  });
});
