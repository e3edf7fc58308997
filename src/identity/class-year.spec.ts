import { ClassYears, classYearOf } from './class-year';

describe('a class year', () => {
  it.each([
    ['1', 'firstyear'],
    ['1st', 'firstyear'],
    ['First-year', 'firstyear'],
    ['first year', 'firstyear'],
    ['FR', 'firstyear'],
    ['1학년', 'firstyear'],
    ['2.0', 'sophomore'],
    ['02', 'sophomore'],
    ['Year 2', 'sophomore'],
    ['SO', 'sophomore'],
    ['3rd year of study', 'junior'],
    ['JR', 'junior'],
    ['３학년', 'junior'],
    ['SR', 'senior'],
    ['4.0', 'senior'],
    ['Year 4', 'senior'],
    ['Senior (4)', 'senior'],
    ['4학년', 'senior'],
    ['제4학년', 'senior'],
    ['Y4', 'senior'],
  ])('written %j is %s', (text, year) => expect(classYearOf(text)).toBe(year));

  it.each([['5'], ['4.5'], ['14'], ['0'], ['graduate'], ['Junior (4)'], ['1/2'], ['year'], ['other'], [''], [null]])(
    'written %j is none of them',
    (text) => expect(classYearOf(text)).toBeUndefined(),
  );

  it('is what the university has stated, before what is commonly meant', () => {
    const years = new ClassYears([
      { spelling: 'G1', year: 'other' },
      { spelling: '초과학기', year: 'senior' },
      { spelling: '4', year: 'junior' },
    ]);
    expect([' g1 ', '초과학기', '4', 'Senior (4)', 'Other', 'G2'].map((text) => years.read(text))).toEqual([
      ...['other', 'senior', 'junior', 'Senior (4)', 'Other', undefined],
    ]);
  });
});
