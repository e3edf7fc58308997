import { HandshakePace } from './handshake-pace';

describe('the pace of handshakes', () => {
  function taken(pace: HandshakePace, tries: number, now: number): number {
    return Array.from({ length: tries }, () => pace.take(now)).filter(Boolean).length;
  }

  it('takes a second’s worth at once, and then the rate', () => {
    const pace = new HandshakePace(100, 0, 10_000);
    expect(taken(pace, 500, 0)).toBe(100);
    expect(taken(pace, 500, 500)).toBe(50);
  });

  it('tells nobody to wait while there is room', () => {
    expect(new HandshakePace(100, 0, 10_000).retryInMs(0, 0.5)).toBe(0);
  });

  it('spreads those outside over the time that their number takes', () => {
    const pace = new HandshakePace(100, 0, 10_000);
    taken(pace, 600, 0);
    expect(pace.retryInMs(0, 0)).toBe(10);
    expect(pace.retryInMs(0, 1)).toBe(5_020);
  });

  it('tells nobody to wait longer than the line keeps a place', () => {
    const pace = new HandshakePace(100, 0, 10_000);
    taken(pace, 50_000, 0);
    expect(pace.retryInMs(0, 1)).toBeLessThanOrEqual(10_000);
  });

  it('forgets the crowd when it has gone', () => {
    const pace = new HandshakePace(100, 0, 10_000);
    taken(pace, 600, 0);
    expect(pace.retryInMs(2_000, 1)).toBe(0);
  });

  it('lets in as many when the clock is put back', () => {
    const pace = new HandshakePace(100, 3_600_000, 10_000);
    expect(taken(pace, 500, 0)).toBe(100);
    expect(taken(pace, 500, 500)).toBe(50);
  });
});
