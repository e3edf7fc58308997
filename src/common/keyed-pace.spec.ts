import { KeyedPace } from './keyed-pace';

const LIMITS = { burst: 20, eachMs: 3_000, remembered: 1_000 };

function taken(pace: KeyedPace, key: string, tries: number, now: number): number {
  return Array.from({ length: tries }, () => pace.take(key, now)).filter(Boolean).length;
}

describe('the pace of many', () => {
  it('takes a burst of each, and then one after each pause', () => {
    const pace = new KeyedPace(LIMITS);
    expect(taken(pace, 'a', 50, 0)).toBe(20);
    expect(taken(pace, 'a', 50, 6_000)).toBe(2);
  });

  it('counts each alone', () => {
    const pace = new KeyedPace(LIMITS);
    taken(pace, 'a', 50, 0);
    expect(taken(pace, 'b', 5, 0)).toBe(5);
  });

  it('remembers a bounded number', () => {
    const pace = new KeyedPace(LIMITS);
    for (let index = 0; index < 3_000; index += 1) pace.take(`student-${index}`, 0);
    expect((pace as unknown as { buckets: Map<string, unknown> }).buckets.size).toBe(1_000);
  });

  it('goes on when the clock is put back', () => {
    const pace = new KeyedPace(LIMITS);
    pace.take('a', 3_600_000);
    expect(taken(pace, 'a', 50, 0)).toBe(19);
    expect(taken(pace, 'a', 50, 3_000)).toBe(1);
  });
});
