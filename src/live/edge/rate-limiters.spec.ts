import { RateLimiter } from '../../common/rate-limiter';
import { FRAMES, HandshakeRateLimiter, MessageRateLimiter } from './rate-limiters';

describe('the pace of handshakes', () => {
  function taken(limiter: HandshakeRateLimiter, tries: number, now: number): number {
    return Array.from({ length: tries }, () => limiter.take(now)).filter(Boolean).length;
  }

  it('takes a second’s worth at once, and then the rate', () => {
    const limiter = new HandshakeRateLimiter(100, 0, 10_000);
    expect(taken(limiter, 500, 0)).toBe(100);
    expect(taken(limiter, 500, 500)).toBe(50);
  });

  it('tells nobody to wait while there is room', () => {
    expect(new HandshakeRateLimiter(100, 0, 10_000).retryInMs(0, 0.5)).toBe(0);
  });

  it('spreads those outside over the time that their number takes', () => {
    const limiter = new HandshakeRateLimiter(100, 0, 10_000);
    taken(limiter, 600, 0);
    expect(limiter.retryInMs(0, 0)).toBe(10);
    expect(limiter.retryInMs(0, 1)).toBe(5_020);
  });

  it('tells nobody to wait longer than the line keeps a place', () => {
    const limiter = new HandshakeRateLimiter(100, 0, 10_000);
    taken(limiter, 50_000, 0);
    expect(limiter.retryInMs(0, 1)).toBeLessThanOrEqual(10_000);
  });

  it('forgets the crowd when it has gone', () => {
    const limiter = new HandshakeRateLimiter(100, 0, 10_000);
    taken(limiter, 600, 0);
    expect(limiter.retryInMs(2_000, 1)).toBe(0);
  });

  it('lets in as many when the clock is put back', () => {
    const limiter = new HandshakeRateLimiter(100, 3_600_000, 10_000);
    expect(taken(limiter, 500, 0)).toBe(100);
    expect(taken(limiter, 500, 500)).toBe(50);
  });
});

function verdicts(limiter: MessageRateLimiter, count: number, now: number): Record<string, number> {
  const counted: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const verdict = limiter.next(now);
    counted[verdict] = (counted[verdict] ?? 0) + 1;
  }
  return counted;
}

describe('the pace of one socket', () => {
  it('takes a burst and then ten messages a second', () => {
    const limiter = new MessageRateLimiter(0);
    expect(verdicts(limiter, 41, 0)).toEqual({ take: 40, refuse: 1 });
    expect(verdicts(limiter, 11, 1_000)).toEqual({ take: 10, refuse: 1 });
  });

  it('cuts a flood', () => {
    expect(verdicts(new MessageRateLimiter(0), 1_000, 0)).toEqual({ take: 40, refuse: 200, cut: 760 });
  });

  it('saves no more than one burst', () => {
    const limiter = new MessageRateLimiter(0);
    expect(verdicts(limiter, 60, 3_600_000)).toEqual({ take: 40, refuse: 20 });
  });

  it('takes as many when the clock is put back', () => {
    const limiter = new MessageRateLimiter(3_600_000);
    expect(verdicts(limiter, 41, 0)).toEqual({ take: 40, refuse: 1 });
    expect(verdicts(limiter, 11, 1_000)).toEqual({ take: 10, refuse: 1 });
  });
});

function borne(limiter: RateLimiter, frames: number, now: number): number {
  return Array.from({ length: frames }, () => limiter.take(now)).filter(Boolean).length;
}

describe('the pace of one connection', () => {
  it('bears a burst, and then fifty frames a second', () => {
    const limiter = new RateLimiter(FRAMES, 0);
    expect(borne(limiter, 400, 0)).toBe(400);
    expect(borne(limiter, 51, 1_000)).toBe(50);
  });

  it('does not bear more, however much it saved', () => {
    expect(borne(new RateLimiter(FRAMES, 0), 1_000, 3_600_000)).toBe(400);
  });

  it('bears as much when the clock is put back', () => {
    const limiter = new RateLimiter(FRAMES, 3_600_000);
    expect(borne(limiter, 1_000, 0)).toBe(400);
  });
});
