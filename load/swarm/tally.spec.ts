import fc from 'fast-check';
import { percentiles } from '../support/percentiles';
import { Tally, TimesMs } from './tally';

describe('times', () => {
  it('have the percentiles of their samples, also after they went from one process to another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 })), (samples) => {
        const [times, others] = [new TimesMs(), new TimesMs()];
        for (const sample of samples) times.add(sample);
        others.addPairs(times.toPairs());
        expect(times.percentiles()).toEqual(percentiles(samples));
        expect(others.percentiles()).toEqual(percentiles(samples));
      }),
    );
  });

  it('beyond a minute count as a minute, and before the beginning as nothing', () => {
    const times = new TimesMs();
    times.add(1e9);
    times.add(-3);
    expect(times.percentiles()).toMatchObject({ count: 2, p50: 0, most: 60_000 });
  });
});

describe('a tally', () => {
  it('is the sum of those of all processes, and forgets when it is cleared', () => {
    const [one, sum] = [new Tally(), new Tally()];
    one.counts.placed = 2;
    one.refused.busy = 1;
    one.times.joinMs.add(5);
    one.worstError.front = 1;
    sum.add(one.toText());
    sum.add(one.toText());
    expect(sum.toText()).toMatchObject({
      counts: { placed: 4, lost: 0 },
      refused: { busy: 2 },
      worstError: { front: 1 },
    });
    expect(sum.times.joinMs.count).toBe(2);
    sum.clear();
    expect(sum.toText()).toEqual(new Tally().toText());
  });
});
