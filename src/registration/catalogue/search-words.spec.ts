import { fewestWords } from './search-words';

describe('the words of a search', () => {
  it.each<[string, string]>([
    ['a a a a', 'a'],
    ['math m ma math', 'math'],
    ['modern art', 'modern art'],
  ])('are looked for once, and no part of another: %s', (given, needed) => {
    expect(fewestWords(given.split(' ')).sort()).toEqual(needed.split(' ').sort());
  });

  it('are refused when they are more than any title has', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
    expect(fewestWords(letters.slice(0, 12))).toHaveLength(12);
    expect(() => fewestWords(letters)).toThrow('at most 12 different words');
  });
});
