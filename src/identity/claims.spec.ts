import { claimValues } from './claims';

describe('a claim of a token', () => {
  const claims = {
    sub: 's1',
    'https://example.edu/id': 'of the university',
    university: { student: { id: '2026', years: ['4', 'senior'] }, 'a.b': { c: 'deep' } },
    'university.student.name': 'whole name',
    affiliations: [{ code: 'x' }, { code: 'y' }],
  };

  it.each([
    ['sub', ['s1']],
    ['https://example.edu/id', ['of the university']],
    ['university.student.id', ['2026']],
    ['university.student.years', ['4', 'senior']],
    ['university.student.name', ['whole name']],
    ['university.a.b.c', ['deep']],
    ['affiliations.1.code', ['y']],
    ['university.nothing', []],
    ['sub.length', []],
    ['constructor', []],
    ['affiliations.length.x', []],
  ])('%s is %j', (name, values) => expect(claimValues(claims, name)).toEqual(values));
});
