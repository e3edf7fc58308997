import { KeyedRateLimiter, RateLimiter } from './rate-limiter';

const LIMIT = { burst: 20, count: 1, periodMs: 3_000, mostKeys: 1_000 };

function taken(limiter: KeyedRateLimiter, key: string, tries: number, now: number): number {
  return Array.from({ length: tries }, () => limiter.take(key, now)).filter(Boolean).length;
}

describe('a rate limiter', () => {
  it('says how many can be taken, parts of one included', () => {
    const limiter = new RateLimiter({ burst: 5, count: 10, periodMs: 1_000 }, 0);
    expect(limiter.available(0)).toBe(5);
    for (let time = 0; time < 9; time += 1) limiter.take(0);
    expect(limiter.available(50)).toBe(0.5);
    expect(limiter.take(99)).toBe(false);
    expect(limiter.take(100)).toBe(true);
    expect(limiter.available(3_600_000)).toBe(5);
  });
});

describe('the pace of many', () => {
  it('takes a burst of each, and then one after each pause', () => {
    const limiter = new KeyedRateLimiter(LIMIT);
    expect(taken(limiter, 'a', 50, 0)).toBe(20);
    expect(taken(limiter, 'a', 50, 6_000)).toBe(2);
  });

  it('counts each alone', () => {
    const limiter = new KeyedRateLimiter(LIMIT);
    taken(limiter, 'a', 50, 0);
    expect(taken(limiter, 'b', 5, 0)).toBe(5);
  });

  it('remembers a bounded number', () => {
    const limiter = new KeyedRateLimiter(LIMIT);
    for (let index = 0; index < 3_000; index += 1) limiter.take(`student-${index}`, 0);
    expect((limiter as unknown as { limiters: Map<string, unknown> }).limiters.size).toBe(1_000);
  });

  it('forgets first who was quiet for the longest', () => {
    const limiter = new KeyedRateLimiter({ ...LIMIT, mostKeys: 2 });
    taken(limiter, 'quiet', 50, 0);
    taken(limiter, 'busy', 50, 0);
    limiter.take('quiet', 0);
    limiter.take('new', 0);
    expect(taken(limiter, 'quiet', 50, 0)).toBe(0);
    expect(taken(limiter, 'busy', 50, 0)).toBe(20);
  });

  it('goes on when the clock is put back', () => {
    const limiter = new KeyedRateLimiter(LIMIT);
    limiter.take('a', 3_600_000);
    expect(taken(limiter, 'a', 50, 0)).toBe(19);
    expect(taken(limiter, 'a', 50, 3_000)).toBe(1);
  });
});
