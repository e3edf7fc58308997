import { ConnectionPace } from './connection-pace';

function borne(pace: ConnectionPace, frames: number, now: number): number {
  return Array.from({ length: frames }, () => pace.take(now)).filter(Boolean).length;
}

describe('the pace of one connection', () => {
  it('bears a burst, and then fifty frames a second', () => {
    const pace = new ConnectionPace(0);
    expect(borne(pace, 400, 0)).toBe(400);
    expect(borne(pace, 51, 1_000)).toBe(50);
  });

  it('does not bear more, however much it saved', () => {
    expect(borne(new ConnectionPace(0), 1_000, 3_600_000)).toBe(400);
  });

  it('bears as much when the clock is put back', () => {
    const pace = new ConnectionPace(3_600_000);
    expect(borne(pace, 1_000, 0)).toBe(400);
  });
});
