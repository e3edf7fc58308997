import { drawOrder, entrantsHash, seedHash } from './lottery';

const entries = Array.from({ length: 1_000 }, (_, index) => index + 1);

describe('the lottery', () => {
  it('gives every entry one rank', () => {
    expect([...drawOrder('room', 'seed', entries)].sort((a, b) => a - b)).toEqual(entries);
  });

  it('gives the same order to whoever recomputes it, however the entries were listed', () => {
    expect(drawOrder('room', 'seed', [...entries].reverse())).toEqual(drawOrder('room', 'seed', entries));
  });

  it.each([
    ['another seed', drawOrder('room', 'other', entries)],
    ['another room', drawOrder('other', 'seed', entries)],
  ])('gives another order for %s', (_, order) => {
    expect(order).not.toEqual(drawOrder('room', 'seed', entries));
  });

  it('does not favour those who came early', () => {
    const order = drawOrder('room', 'seed', entries);
    const meanOfFirstHalf = order.slice(0, 500).reduce((sum, entry) => sum + entry, 0) / 500;
    // The mean of 500 of the first 1,000 numbers is 500.5 with a standard deviation of 9.1.
    expect(Math.abs(meanOfFirstHalf - 500.5)).toBeLessThan(5 * 9.1);
  });

  it('has a hash of the entrants that an addition, an omission or another name changes', () => {
    const list = [
      { entry: 1, student: 'a' },
      { entry: 2, student: 'b' },
    ];
    const hash = entrantsHash(list);
    expect(entrantsHash([...list].reverse())).toBe(hash);
    for (const other of [
      list.slice(1),
      [...list, { entry: 3, student: 'c' }],
      [{ entry: 1, student: 'x' }, list[1]!],
    ]) {
      expect(entrantsHash(other)).not.toBe(hash);
    }
  });

  it('commits to its seed by the SHA-256 that everybody can compute', () => {
    expect(seedHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
