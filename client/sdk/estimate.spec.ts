import type { LineFlow } from '../../src/contract/line';
import {
  clockFace,
  type EstimateInput,
  isFull,
  isShut,
  type Range,
  roomStateAt,
  roundedPace,
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

const FLOW: LineFlow = {
  inside: 10,
  capacity: 10,
  ratePerSecond: 10,
  stayMs: { least: 25_000, most: 25_000 },
  ageMs: 12_500,
};
const flow = (change: Partial<LineFlow> = {}): LineFlow => ({ ...FLOW, ...change });
const minutes = (range: Range | undefined) => range && [range.least / 60_000, range.most / 60_000];

describe('the estimated wait', () => {
  it('in a full room goes by how long students stay', () => {
    const [least = 0, most = 0] = minutes(timeUntilTurn(input({ position: 91, flow: flow() }))) ?? [];
    expect(least).toBeGreaterThan(3);
    expect(least).toBeLessThan(91 / 24);
    expect(most).toBeGreaterThan(91 / 24);
    expect(most).toBeLessThan(5);
  });

  it('does not change while a full room stands, whatever the line did lately', () => {
    const full = flow();
    const [moving, standing] = [10, 0].map((speed) => timeUntilTurn(input({ position: 91, flow: full, speed })));
    expect(moving).toEqual(standing);
  });

  it('fills the room at its pace first', () => {
    const empty = flow({ inside: 0, capacity: 200, stayMs: { least: 0, most: 600_000 }, ageMs: 0 });
    const [least = 0, most = 0] = minutes(timeUntilTurn(input({ position: 150, flow: empty }))) ?? [];
    expect(least).toBeCloseTo((15 * 0.85) / 60);
    expect(most).toBeCloseTo((15 * 1.15) / 60);
    const behind = minutes(timeUntilTurn(input({ position: 500, flow: empty }))) ?? [];
    expect(behind[0]).toBeLessThan(1);
    expect(behind[1]).toBeGreaterThan(14);
  });

  it('leaves open how soon the first will finish where all have just come in', () => {
    const fresh = flow({ stayMs: { least: 1_000, most: 600_000 }, ageMs: 1_000 });
    const [least = 0, most = 0] = minutes(timeUntilTurn(input({ position: 1, flow: fresh }))) ?? [];
    expect(least).toBeLessThan(0.1);
    expect(most).toBeGreaterThan(5);
  });

  it('is the position over the speed of the line where the service says no more', () => {
    const { least = 0, most = 0 } = timeUntilTurn(input()) ?? {};
    expect(least).toBeCloseTo(17_000);
    expect(most).toBeCloseTo(23_000);
    expect(timeUntilTurn(input({ speed: 0 }))).toBeUndefined();
  });

  it('counts the time until the opening, and the planned rate after it', () => {
    for (const state of ['scheduled', 'draining'] as const) {
      const { least = 0, most = 0 } = timeUntilTurn(input({ state, opensAt: NOW + 30_000 })) ?? {};
      expect(least).toBeCloseTo(30_000 + 10_200);
      expect(most).toBeCloseTo(30_000 + 13_800);
    }
  });

  it.each(['paused', 'recovering', 'closed'] as const)('is not known while the room is %s', (state) => {
    expect(timeUntilTurn(input({ state, flow: flow() }))).toBeUndefined();
  });

  it.each([{ ratePerSecond: 0 }, { capacity: 0, inside: 0 }])('is not known where nobody goes in: %p', (change) => {
    expect(timeUntilTurn(input({ flow: flow(change) }))).toBeUndefined();
    expect(isShut(input({ flow: flow(change) }))).toBe(true);
  });
});

describe('a full room', () => {
  it('is one whose free places are taken again in a moment', () => {
    const big = { capacity: 200, stayMs: { least: 300_000, most: 300_000 } };
    expect(isFull(input({ flow: flow({ ...big, inside: 200 }) }))).toBe(true);
    expect(isFull(input({ flow: flow({ ...big, inside: 195 }) }))).toBe(true);
    expect(isFull(input({ flow: flow({ ...big, inside: 120 }) }))).toBe(false);
  });

  it('is one also before anybody knows how long they stay', () => {
    expect(isFull(input({ flow: flow({ stayMs: { least: 0, most: 600_000 } }) }))).toBe(true);
  });

  it('is none where students leave faster than others may come', () => {
    const quick = { capacity: 200, inside: 190, stayMs: { least: 19_000, most: 19_000 } };
    expect(isFull(input({ flow: flow(quick) }))).toBe(false);
  });

  it('is none while nobody is let in anyway', () => {
    expect(isFull(input({ state: 'paused', flow: flow() }))).toBe(false);
  });
});

describe('the speed of the line', () => {
  it('in a full room is how fast students finish', () => {
    expect(speedNow(input({ flow: flow() }))).toBeCloseTo(0.4);
  });

  it('is not said as long as nobody knows how long they stay', () => {
    expect(speedNow(input({ flow: flow({ stayMs: { least: 20_000, most: 600_000 } }) }))).toBeUndefined();
  });

  it.each([
    ['of one that somebody has just entered', { capacity: 1, inside: 0, ratePerSecond: 50 }],
    ['that fills up in this moment', { capacity: 200, inside: 180, ratePerSecond: 10 }],
  ])('is not the pace of the door in a room %s, while nobody knows how long they stay', (_, room) => {
    const fresh = flow({ ...room, stayMs: { least: 0, most: 600_000 }, ageMs: 0 });
    expect(speedNow(input({ flow: fresh, speed: room.ratePerSecond }))).toBeUndefined();
  });

  it('is what was measured while a room has room, or empties as fast as it fills', () => {
    const unknown = { stayMs: { least: 5_000, most: 600_000 }, ageMs: 5_000 };
    expect(speedNow(input({ flow: flow({ ...unknown, capacity: 200, inside: 100 }) }))).toBe(6);
    const quick = { capacity: 200, inside: 190, stayMs: { least: 18_000, most: 19_000 } };
    expect(speedNow(input({ flow: flow(quick) }))).toBe(6);
  });

  it('is the planned one where it is too slow to be measured', () => {
    const slow = flow({ inside: 0, ratePerSecond: 0.01 });
    expect(speedNow(input({ flow: slow, speed: 0, ratePerSecond: 0.01 }))).toBe(0.01);
  });

  it('without more from the service is what was measured, as long as that can be true', () => {
    expect(speedNow(input({ speedAt: NOW - 19_000 }))).toBe(6);
    expect(speedNow(input({ speedAt: NOW - 21_000 }))).toBe(0);
    expect(speedNow(input({ speed: 0.05, speedAt: NOW - 35_000 }))).toBe(0.05);
  });

  it.each([
    [10, 'second', 10],
    [0.4, 'minute', 24],
    [0.01, 'hour', 36],
  ])('of %d per second is said per unit in which it is at least one', (perSecond, per, count) => {
    expect(roundedPace(perSecond)).toEqual({ per, count });
  });
});

describe('times in words', () => {
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
