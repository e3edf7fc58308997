import fc from 'fast-check';
import { type IndexedSection, type SectionSearch, TermIndex } from './term-index';
import { findWord, namesOf, NOWHERE, wordsOf } from './words';

type Given = Partial<IndexedSection> & { id: string };

const section = ({ id, ...given }: Given): IndexedSection => ({
  ...{ id, termId: 'fall', courseId: id, department: 'MATH', number: id, section: '', type: 'Lecture', title: id },
  ...{ instructors: '', creditsHundredths: 300, prerequisites: '', notes: '', meetings: [] },
  ...given,
});

const indexOf = (...given: Given[]): Promise<TermIndex> => TermIndex.of(given.map(section));

const meets = (day: number, startMinute: number, endMinute: number) => ({
  ...{ day, startMinute, endMinute, location: '' },
  ...{ firstDay: null, lastDay: null, half: null },
});

const idsIn = (index: TermIndex, search: Partial<SectionSearch> = {}): string[] =>
  index.search({ page: 1, pageSize: 100, ...search }).sections.map(({ section: { id } }) => id);

describe('the index of a term', () => {
  it('finds the very sections in whose names every word is, whatever they are', async () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab1 -자잘료룍구조ㅈㄹㄱ과고ㅗ'), maxLength: 8 });
    const names = fc.record({ title: text, instructors: text, number: text });
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 12 }), text, async (given, query) => {
        const sections = given.map((one, place) => section({ id: `x${place}`, ...one }));
        const words = wordsOf(query);
        const matching = sections.filter(({ department, number, title, instructors, id }) => {
          const own = namesOf([`${department} ${number}`, title, instructors], id);
          return words.every((word) => findWord(own, word) !== NOWHERE);
        });
        const found = idsIn(await TermIndex.of(sections), { query });
        expect([...found].sort()).toEqual(matching.map(({ id }) => id).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('is in the order of department, number and letter without words', async () => {
    const index = await indexOf(
      { id: '4', department: 'MATH', number: '252', section: 'B' },
      { id: '3', department: 'MATH', number: '252', section: 'A' },
      { id: '2', department: 'MATH', number: '120' },
      { id: '1', department: 'ART', number: '300' },
    );
    expect(idsIn(index)).toEqual(['1', '2', '3', '4']);
    expect(index.departments).toEqual(['ART', 'MATH']);
  });

  it('puts first what the query is the code or id of, then what has words that begin so, then the others', async () => {
    const index = await indexOf(
      { id: '0000000111', department: 'ART', number: '1', title: 'About Math 252 before' },
      { id: '0000000112', department: 'BIO', number: '1', title: 'Subaltern 252 rebel aftermath' },
      { id: '0000000113', department: 'MATH', number: '252', section: 'A', title: 'Abstract Algebra' },
      { id: '0000000252', department: 'MATH', number: '252', section: 'B', title: 'Abstract Algebra' },
    );
    expect(idsIn(index, { query: 'MATH 252 B' })).toEqual(['0000000252', '0000000111', '0000000112', '0000000113']);
    expect(idsIn(index, { query: 'math-25' })).toEqual(['0000000113', '0000000252', '0000000111']);
    expect(idsIn(index, { query: '252' })).toEqual(['0000000252', '0000000111', '0000000112', '0000000113']);
  });

  it('pages through what it finds, and counts all of it', async () => {
    const index = await TermIndex.of(Array.from({ length: 25 }, (_, place) => section({ id: `a${100 + place}` })));
    const pages = [1, 2, 3, 4].map((page) => index.search({ query: 'a1', page, pageSize: 10 }));
    expect(pages.map(({ total, sections }) => [total, sections.length])).toEqual([
      [25, 10],
      [25, 10],
      [25, 5],
      [25, 0],
    ]);
    const ids = pages.flatMap(({ sections }) => sections.map(({ section: { id } }) => id));
    expect(ids).toEqual(idsIn(index));
  });

  it('finds by department, day, hours, credits and open seats, and by all of them together', async () => {
    const index = await indexOf(
      { id: 'early', meetings: [meets(1, 480, 530), meets(3, 600, 650)] },
      { id: 'late', meetings: [meets(1, 1_000, 1_100)], creditsHundredths: 100 },
      { id: 'open', department: 'ART', meetings: [] },
      { id: 'shut', department: 'ART', creditsHundredths: -100 },
    );
    for (const id of ['early', 'late', 'open']) {
      index.seats.take(index.placeOf(id) ?? 0, { capacity: 1, left: 1, waiting: 0, version: 1 });
    }
    const found = (search: Partial<SectionSearch>) => idsIn(index, search).sort();
    expect(found({ department: 'ART' })).toEqual(['open', 'shut']);
    expect(found({ department: 'NONE' })).toEqual([]);
    expect(found({ day: 1 })).toEqual(['early', 'late']);
    expect(found({ from: 540 })).toEqual(['late', 'open', 'shut']);
    expect(found({ until: 700 })).toEqual(['early', 'open', 'shut']);
    expect(found({ creditsHundredths: 100 })).toEqual(['late']);
    expect(found({ openOnly: true })).toEqual(['early', 'late', 'open']);
    expect(found({ openOnly: true, day: 1, from: 540, creditsHundredths: 100, query: 'la' })).toEqual(['late']);
    expect(index.credits).toEqual([-100, 100, 300]);
  });

  it('finds what fits beside sections that one has', async () => {
    const index = await indexOf(
      { id: 'mine', meetings: [meets(1, 540, 600)] },
      { id: 'same', meetings: [meets(1, 590, 640)] },
      { id: 'after', meetings: [meets(1, 600, 650)] },
      { id: 'other', meetings: [meets(2, 540, 600)] },
      { id: 'free' },
    );
    expect(idsIn(index, { fits: ['mine'] }).sort()).toEqual(['after', 'free', 'other']);
    expect(idsIn(index, { fits: ['mine', 'other'] }).sort()).toEqual(['after', 'free']);
    expect(idsIn(index, { fits: ['free', 'unknown'] })).toHaveLength(5);
  });

  it('shows the newest count of the seats that it has heard of', async () => {
    const index = await indexOf({ id: 'a' });
    index.seats.take(0, { capacity: 5, left: 3, waiting: 2, version: 7 });
    index.seats.take(0, { capacity: 5, left: 4, version: 6 });
    const seats = () => index.search({ page: 1, pageSize: 1 }).sections[0]?.seats;
    expect(seats()).toEqual({ capacity: 5, left: 3, waiting: 2, version: 7 });
    index.seats.take(0, { left: 0, version: 8 });
    expect(seats()).toEqual({ capacity: 5, left: 0, waiting: 2, version: 8 });
    expect(idsIn(index, { openOnly: true })).toEqual([]);
  });
});
