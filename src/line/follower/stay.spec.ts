import { StayCohort } from './stay';

const LEASE_MS = 600_000;
const CAPACITY = 10;

/** A full room of ten whose students, let in together, all stay for 25 s, again and again. */
function waves(count: number): StayCohort {
  const cohort = new StayCohort();
  for (let number = 1; number <= count * CAPACITY; number += 1) {
    const at = Math.floor((number - 1) / CAPACITY) * 25_000;
    cohort.admitted(number, at, CAPACITY);
    cohort.ended(number, at + 25_000);
  }
  return cohort;
}

describe('the measured stay', () => {
  it('lies between nothing and the lease while nobody was seen inside', () => {
    expect(new StayCohort().estimate(0, LEASE_MS)).toEqual({ least: 0, most: LEASE_MS });
  });

  it('is at least as long as those inside have been there, before anybody has finished', () => {
    const cohort = new StayCohort();
    cohort.admitted(1, 0, CAPACITY);
    cohort.admitted(2, 10_000, CAPACITY);
    const { least, most } = cohort.estimate(30_000, LEASE_MS);
    expect(least).toBeCloseTo(30_000 * (2 / 2.5));
    expect(most).toBeCloseTo(LEASE_MS);
    expect(cohort.age(30_000)).toBe(25_000);
  });

  it('is the same in the middle of a wave as at its end', () => {
    const cohort = waves(3);
    for (let number = 31; number <= 40; number += 1) cohort.admitted(number, 75_000, CAPACITY);
    for (const now of [75_000, 88_000, 99_000]) {
      const { least, most } = cohort.estimate(now, LEASE_MS);
      expect(least).toBeCloseTo(25_000 * (40 / 40.5));
      expect(most).toBeCloseTo((25_000 * 40 + LEASE_MS / 2) / 40.5);
    }
  });

  it('of one who was quick says little of all who come after', () => {
    const cohort = new StayCohort();
    cohort.admitted(1, 0, 1);
    cohort.ended(1, 3_000);
    cohort.admitted(2, 3_000, 1);
    const { least, most } = cohort.estimate(3_100, LEASE_MS);
    expect(least).toBeLessThan(3_000);
    expect(most).toBeGreaterThan(100_000);
  });

  it('is not taken from the quick ones alone', () => {
    const cohort = new StayCohort();
    for (let number = 1; number <= 10; number += 1) cohort.admitted(number, 0, CAPACITY);
    cohort.ended(1, 5_000);
    const { least, most } = cohort.estimate(60_000, LEASE_MS);
    expect(least).toBeCloseTo((0.1 * 5_000 + 0.9 * 60_000) * (10 / 10.5));
    expect(most).toBeCloseTo((0.1 * 5_000 + 0.9 * LEASE_MS) * (10 / 10.5) + LEASE_MS * (0.5 / 10.5));
  });

  it('is taken from a sample where many are inside', () => {
    const cohort = new StayCohort();
    for (let number = 1; number <= 20_000; number += 1) {
      cohort.admitted(number, number, 10_000);
      if (number > 10_000) cohort.ended(number - 10_000, number);
    }
    const { least, most } = cohort.estimate(20_000, LEASE_MS);
    expect(least).toBeCloseTo(10_000 * (1 - 0.5 / 157), -2);
    expect(most).toBeLessThan(13_000);
  });
});
