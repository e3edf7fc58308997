import { AT_START, findWord, INSIDE, namesOf, NOWHERE, wordsOf } from './words';

const names = namesOf(
  ['MATH 252 B', 'Álgebra I — 자료 구조', 'Object-Oriented Women’s Art', 'Edgar Payán', 'Søren Łukasz', '김과학'],
  '0000162389',
);

const finds = (query: string): boolean => wordsOf(query).every((word) => findWord(names, word) !== NOWHERE);

describe('a section is found', () => {
  it.each(['MATH252', 'math-252', 'math 252', 'Math252B', 'MATH 252 B', 'MATH.252', '252 b', '0000162389', '162389'])(
    'by its code or number: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each(['Payan', 'payán', 'PAYÁN'.normalize('NFD'), 'soren lukasz', 'algebra', 'object oriented', 'womens art'])(
    'whatever marks are left out or put in another way: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each(['자료구조', '자료 구조', '자료구', '구조', '자료구조'.normalize('NFD'), 'objectoriented', '과학'])(
    'whatever gaps are left out: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each(['ㅈㄹㄱㅈ', 'ㅈㄹ', 'ㅈㄹ ㄱㅈ', 'ㅈㄺㅈ', '자료ㄱㅈ', 'ㅈ료구조', 'ㄱㅈ', 'ㄱㄱㅎ', 'ㄱㅈ algebra'])(
    'by the initial consonants of Hangul, also as a keyboard joins them: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each([...['ㅈ', '자', '잘', '자료', '자룍', '자료구', '자료궂', '자료구조'], ...['김ㄱ', '김고', '김과', '김괗']])(
    'at each key that is typed on the way to it: %s',
    (query) => expect(finds(query)).toBe(true),
  );

  it.each([
    'MATH253',
    'payon',
    '한글',
    'math-2520',
    '자로',
    '자료가',
    'ㅈㄹㅈ',
    '자룝',
    '잘구조',
    '료구',
    'nart',
    'artedgar',
  ])('and not by what it is not: %s', (query) => expect(finds(query)).toBe(false));
});

describe('a word', () => {
  it.each([
    ['algebra', AT_START],
    ['alge', AT_START],
    ['art', AT_START],
    ['gebra', INSIDE],
    ['자료구', AT_START],
    ['료', INSIDE],
    // An id is known as a whole.
    ['0000162389', INSIDE],
    ['nowhere', NOWHERE],
  ])('is found at the beginning of one, inside of one, or nowhere: %s', (query, found) => {
    expect(wordsOf(query).map((word) => findWord(names, word))).toEqual([found]);
  });
});

describe('the words of a query', () => {
  const letters = (query: string): string[] => wordsOf(query).map((word) => word.letters);

  it.each<[string, string[]]>([
    ['a a a a', ['a']],
    ['math m ma math', ['math']],
    ['modern art', ['modern', 'art']],
    ['Math  math-252 \u0000', ['math252']],
    ['- math —', ['math']],
    ['c++ 100%', ['100%', 'c++']],
    ['ㅈㄺㅈ', ['ㅈㄹㄱㅈ'.normalize('NFKD')]],
    [' -  ', []],
  ])('are looked for once, no part of another, and without what may be left out: %s', (query, needed) => {
    expect(letters(query)).toEqual(needed);
  });

  it('are refused when they are more than any title has', () => {
    const some = 'abcdefghijklmnopqrstuvwxyz'.split('');
    expect(wordsOf(some.slice(0, 12).join(' '))).toHaveLength(12);
    expect(() => wordsOf(some.join(' '))).toThrow('at most 12 different words');
  });
});
