import { Tally } from './tally';
import { Twins } from './twins';

const SECOND = 1_000;

describe('two clients of one student', () => {
  let tally: Tally;
  let twins: Twins;

  beforeEach(() => {
    tally = new Tally();
    twins = new Twins(tally);
    twins.takeTicket({ position: 1_000, pace: 10 }, 0);
  });

  it('are compared by what the one showed when the other was told', () => {
    twins.compare({ position: 990, at: SECOND });
    expect(tally.worstError).toEqual({ front: 0, behindShare: 0 });
    twins.compare({ position: 985, at: 2 * SECOND });
    expect(tally.worstError.behindShare).toBeCloseTo(5 / 985);
  });

  it('show how far off it was before the news of the same moment, whichever comes first', () => {
    twins.tell({ position: 900, at: SECOND, pace: 10 });
    twins.compare({ position: 900, at: SECOND });
    expect(tally.worstError.behindShare).toBeCloseTo(90 / 900);
  });

  it('are counted apart, beyond the front', () => {
    twins.compare({ position: 990, at: SECOND });
    twins.compare({ position: 100, at: 2 * SECOND });
    twins.tell({ position: 100, at: 2 * SECOND, pace: 1 });
    twins.tell({ position: 101, at: 3 * SECOND, pace: 1 });
    expect(tally.counts).toMatchObject({ toldEachSecond: 1, toldSeldom: 1 });
  });

  it('in the front are off by places', () => {
    twins.tell({ position: 50, at: SECOND, pace: 0 });
    twins.compare({ position: 48, at: 2 * SECOND });
    expect(tally.worstError.front).toBe(2);
  });
});
