import { NumberSet } from './number-set';

describe('a set of numbers', () => {
  it('knows exactly what was put in, across words, pages and wide gaps', () => {
    const numbers = [0, 1, 31, 32, 33, 65_535, 65_536, 65_537, 1_000_000, 2 ** 31 - 1];
    const set = new NumberSet();
    expect(numbers.map((number) => set.add(number))).toEqual(numbers.map(() => true));
    expect(numbers.map((number) => set.add(number))).toEqual(numbers.map(() => false));
    expect([2, 30, 34, 65_534, 65_538, 999_999, 131_071].filter((number) => set.has(number))).toEqual([]);
  });
});
