import {
  clockFace,
  type EstimateInput,
  roomStateAt,
  roundedTime,
  secondsLeft,
  speedNow,
  timeUntilTurn,
} from './estimate';

const NOW = 1_000_000;
const input = (change: Partial<EstimateInput> = {}): EstimateInput => ({
  position: 120,
  speed: 6,
  speedAt: NOW,
  ratePerSecond: 10,
  state: 'open',
  opensAt: NOW - 60_000,
  now: NOW,
  ...change,
});

describe('the estimated wait', () => {
  it('is the position over the speed of the line', () => {
    expect(timeUntilTurn(input())).toBe(20_000);
  });

  it('counts the time until the opening, and the planned rate after it', () => {
    expect(timeUntilTurn(input({ state: 'scheduled', opensAt: NOW + 30_000 }))).toBe(42_000);
    expect(timeUntilTurn(input({ state: 'draining', opensAt: NOW + 30_000 }))).toBe(42_000);
  });

  it.each(['paused', 'recovering', 'closed'] as const)('is not known while the room is %s', (state) => {
    expect(timeUntilTurn(input({ state }))).toBeUndefined();
  });

  it('is not known when the line stands', () => {
    expect(timeUntilTurn(input({ speed: 0 }))).toBeUndefined();
  });

  it('does not go by a speed that nothing has confirmed for long', () => {
    expect(speedNow(input({ speedAt: NOW - 9_000 }))).toBe(6);
    expect(speedNow(input({ speedAt: NOW - 11_000 }))).toBe(0);
  });

  it('lets a slow line take its time', () => {
    expect(speedNow(input({ speed: 0.05, speedAt: NOW - 35_000 }))).toBe(0.05);
  });
});

describe('times in words', () => {
  it.each([
    [0, 'moment', 0],
    [44_000, 'moment', 0],
    [46_000, 'minutes', 1],
    [61_000, 'minutes', 2],
    [89 * 60_000, 'minutes', 89],
    [95 * 60_000, 'hours', 2],
  ])('rounds %d ms to %s %d', (ms, unit, count) => {
    expect(roundedTime(ms)).toEqual({ unit, count });
  });

  it('counts down to 0 and not below', () => {
    expect(secondsLeft(NOW + 1, NOW)).toBe(1);
    expect(secondsLeft(NOW - 1, NOW)).toBe(0);
  });

  it('writes seconds as a clock does', () => {
    expect([9, 724, 3_909].map(clockFace)).toEqual(['0:09', '12:04', '1:05:09']);
  });

  it('opens a scheduled room by the clock', () => {
    expect(roomStateAt({ state: 'scheduled', opensAt: NOW }, NOW)).toBe('open');
    expect(roomStateAt({ state: 'paused', opensAt: NOW }, NOW)).toBe('paused');
  });
});
