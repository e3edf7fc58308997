import { outlook } from './predict';

const NOW = 1_000_000;
const line = {
  ...{ waiting: 400, inside: 0, capacity: 1_000, ratePerSecond: 20, leaseMs: 600_000, opensAt: 0 },
  control: 'auto' as const,
};

describe('what an operator is told before a change', () => {
  it('is when the last who wait are in, at the pace of the room', () => {
    expect(outlook(line, NOW)).toEqual({ lastInAt: NOW + 20_000, fillsUp: false, over: 0 });
  });

  it('counts from the opening, if that is still to come', () => {
    expect(outlook({ ...line, opensAt: NOW + 60_000 }, NOW).lastInAt).toBe(NOW + 80_000);
  });

  it('says that nobody goes in where the room is paused, or has no pace or no capacity', () => {
    const standing = { fillsUp: false, over: 0, because: 'stands' };
    expect(outlook({ ...line, control: 'paused' }, NOW)).toEqual(standing);
    expect(outlook({ ...line, ratePerSecond: 0 }, NOW)).toEqual(standing);
    expect(outlook({ ...line, capacity: 0 }, NOW)).toMatchObject({ because: 'stands' });
  });

  it('is the worst case, by the lease, where more wait than there is room for', () => {
    const full = outlook({ ...line, capacity: 100, inside: 100 }, NOW);
    expect(full).toEqual({ lastInAt: NOW + 4 * 600_000, because: 'full', fillsUp: true, over: 0 });
  });

  it('names how many are inside beyond a capacity that is lowered', () => {
    expect(outlook({ ...line, capacity: 50, inside: 80 }, NOW).over).toBe(30);
  });

  it('has nothing to say of an empty line', () => {
    expect(outlook({ ...line, waiting: 0 }, NOW)).toEqual({ because: 'nobody_waits', fillsUp: false, over: 0 });
  });
});
