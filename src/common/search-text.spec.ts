import { formsOf, sectionSearchText, searchWords, fewestWords } from './search-text';

const text = sectionSearchText({
  ...{ id: '0000162389', department: 'MATH', number: '252', section: 'B', title: 'Álgebra I — 한국어' },
  instructors: 'Edgar Payán;Søren Łukasz',
});

const finds = (query: string): boolean =>
  searchWords(query).every((word) => formsOf(word).some((form) => text.includes(form)));

describe('a section is found', () => {
  it.each(['MATH252', 'math-252', 'math 252', 'Math252B', 'MATH.252', '252 b', '0000162389', '162389'])(
    'by its code or number: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each(['Payan', 'payán', 'PAYÁN'.normalize('NFD'), 'soren lukasz', 'algebra', '한국', '한국어'.normalize('NFD')])(
    'whatever marks are left out or put in another way: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each(['MATH253', 'payon', '한글', 'math-2520'])('and not by what it is not: %s', (query) =>
    expect(finds(query)).toBe(false),
  );
});

describe('a query', () => {
  it('has words without control characters, and each without what may be left out', () => {
    expect(searchWords('Math  math-252 \u0000')).toEqual(['math', 'math-252']);
    expect(['math-252', 'math', '-'].map(formsOf)).toEqual([['math-252', 'math252'], ['math'], ['-']]);
  });
});

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
