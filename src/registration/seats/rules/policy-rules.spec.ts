import { type ClassYearSeats, refuseEnrolment, refuseHeldSeat, refuseWaiting, creditLimitOf } from '.';
import type { EnrolmentWindows } from '../../../contract/policy';

const wanted = {
  ...{ id: 'A', courseId: 'course', code: 'MATH 252', section: 'A', type: 'Lecture', creditsHundredths: 100 },
  meetings: [],
};
const free = { capacity: 10, taken: 5, held: 0, overrides: 0 };
const full = { ...free, taken: 10 };
const question = { wanted, seats: free, enrolled: [], creditLimitHundredths: 600 };

describe('the seats of a class year', () => {
  const share = (limit: number, taken: number): ClassYearSeats => ({ classYear: 'junior', limit, taken });

  it.each<[string, ClassYearSeats | undefined, string | undefined]>([
    ['no limit', undefined, undefined],
    ['none taken', share(3, 0), undefined],
    ['the last one', share(3, 2), undefined],
    ['all taken', share(3, 3), 'class_year_full'],
    ['more taken than there are', share(3, 5), 'class_year_full'],
    ['none for this year', share(0, 0), 'class_year_refused'],
    ['none for this year, and yet taken', share(0, 2), 'class_year_refused'],
  ])('decide: %s', (_, classYearSeats, code) => {
    expect(refuseEnrolment({ ...question, classYearSeats })?.code).toBe(code);
    expect(refuseHeldSeat({ ...question, classYearSeats })?.code).toBe(code);
  });

  it('say the year, its limit and what is taken', () => {
    const refusal = refuseEnrolment({ ...question, classYearSeats: share(3, 3) });
    expect(refusal?.details).toEqual({ classYear: 'junior', limit: 3, taken: 3 });
  });

  it('may be waited for when they are taken, and not when there are none', () => {
    const waiting = { ...question, seats: full };
    expect(refuseWaiting({ ...waiting, classYearSeats: share(3, 3) })).toBeUndefined();
    expect(refuseWaiting({ ...waiting, classYearSeats: share(0, 0) })?.code).toBe('class_year_refused');
  });
});

describe('the window of a class year', () => {
  const windows: EnrolmentWindows = {
    senior: { from: 1_000 },
    junior: { from: 2_000, until: 3_000 },
    other: { from: 5_000 },
  };

  it.each([
    ['before it opens', 'senior', 999, 'window_not_open', { classYear: 'senior', opensAt: 1_000 }],
    ['in the moment it opens', 'senior', 1_000, undefined, undefined],
    ['for ever, without an end', 'senior', 9_999_999, undefined, undefined],
    ['in its last moment', 'junior', 2_999, undefined, undefined],
    ['at its end', 'junior', 3_000, 'window_closed', { classYear: 'junior', opensAt: 2_000, closedAt: 3_000 }],
    ['of the others', 'sophomore', 4_999, 'window_not_open', { classYear: 'sophomore', opensAt: 5_000 }],
    ['of the others, open', 'sophomore', 5_000, undefined, undefined],
    ['of an unknown year', undefined, 4_999, 'window_not_open', { classYear: null, opensAt: 5_000 }],
  ] as const)('decides: %s', (_, classYear, now, code, details) => {
    const refusal = refuseEnrolment({ ...question, window: { windows, classYear, now } });
    expect(refusal?.code).toBe(code);
    expect(refusal?.details).toEqual(details);
  });

  it('is free where none is set', () => {
    const window = { windows: { senior: { from: 1_000 } }, classYear: undefined, now: 0 };
    expect(refuseEnrolment({ ...question, window })).toBeUndefined();
  });

  it('comes after being enrolled already, and before everything else', () => {
    const window = { windows, classYear: 'senior' as const, now: 0 };
    expect(refuseEnrolment({ ...question, seats: full, window })?.code).toBe('window_not_open');
    expect(refuseEnrolment({ ...question, enrolled: [wanted], window })?.code).toBe('already_enrolled');
  });
});

describe('waiting', () => {
  it('needs all that a seat needs, but for the seat', () => {
    expect(refuseWaiting({ ...question, seats: full })).toBeUndefined();
    expect(refuseWaiting({ ...question, seats: { ...free, capacity: 0 } })?.code).toBe('section_closed');
    expect(refuseWaiting({ ...question, seats: full, enrolled: [wanted] })?.code).toBe('already_enrolled');
    const twin = { ...wanted, id: 'B' };
    expect(refuseWaiting({ ...question, seats: full, enrolled: [twin] })?.code).toBe('same_course');
    expect(refuseWaiting({ ...question, seats: full, creditLimitHundredths: 50 })?.code).toBe('credit_limit');
  });
});

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
