import { creditLimitOf } from '.';

describe('the credit limit', () => {
  const ofClassYears = { senior: 21.5, junior: 0 };

  it.each<[string, Parameters<typeof creditLimitOf>, number]>([
    ['of the term', [{ ofTerm: 1_800, ofClassYears: undefined, own: undefined }, 'senior'], 1_800],
    ['of the class year', [{ ofTerm: 1_800, ofClassYears, own: undefined }, 'senior'], 2_150],
    ['of a class year that has none', [{ ofTerm: 1_800, ofClassYears, own: undefined }, 'junior'], 0],
    ['of the term, for another class year', [{ ofTerm: 1_800, ofClassYears, own: undefined }, 'sophomore'], 1_800],
    ['of the term, for an unknown class year', [{ ofTerm: 1_800, ofClassYears, own: undefined }, undefined], 1_800],
    ['of the student', [{ ofTerm: 1_800, ofClassYears, own: 2_475 }, 'senior'], 2_475],
    ['of the student, though it is nothing', [{ ofTerm: 1_800, ofClassYears, own: 0 }, 'senior'], 0],
  ])('is that %s', (_, question, hundredths) => {
    expect(creditLimitOf(...question)).toBe(hundredths);
  });
});
