import { chunksOf, groupBy } from './collections';

describe('chunks', () => {
  it.each([
    [[], 2, []],
    [[1], 2, [[1]]],
    [[1, 2], 2, [[1, 2]]],
    [[1, 2, 3, 4, 5], 2, [[1, 2], [3, 4], [5]]],
  ])('of %j by %i hold every item once, in order', (items, size, parts) => {
    expect(chunksOf(items, size)).toEqual(parts);
  });
});

describe('groups', () => {
  const words = ['one', 'three', 'two', 'four', 'six'];

  it('keep the order of keys and of items', () => {
    expect([...groupBy(words, ({ length }) => length)]).toEqual([
      [3, ['one', 'two', 'six']],
      [5, ['three']],
      [4, ['four']],
    ]);
  });

  it('hold what is taken of each item', () => {
    const initials = groupBy(
      words,
      ({ length }) => length,
      (word) => word[0],
    );
    expect(initials.get(3)).toEqual(['o', 't', 's']);
  });
});
