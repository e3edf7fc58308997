import type { LineEvent, LineSettings, LineSnapshot } from '../line-store';
import type { EndReason } from '../ticket';
import { LineReplica } from './line-replica';

const settings: LineSettings = {
  version: 1,
  control: 'auto',
  opensAt: 0,
  ratePerSecond: 10,
  capacity: 10,
  leaseMs: 1_000,
  graceMs: 1_000,
  noShowMs: 1_000,
};

function replica(overrides: Partial<LineSnapshot> = {}, undurable?: LineEvent[]): LineReplica {
  const snapshot: LineSnapshot = {
    epoch: 1,
    sequence: 0,
    durableSequence: 0,
    baseNumber: 1,
    nextNumber: 1,
    waiting: new Uint8Array(),
    settings,
    state: 'open',
    recoveringUntil: 0,
    restoredThrough: 0,
    now: Date.now(),
    ...overrides,
  };
  return new LineReplica(snapshot, undurable);
}

const join = (sequence: number, number: number): LineEvent => ({
  sequence,
  at: Date.now(),
  type: 'joined',
  number,
  studentId: `s${number}`,
  ticketEpoch: 1,
});
const admit = (sequence: number, number: number): LineEvent => ({
  sequence,
  at: Date.now(),
  type: 'admitted',
  number,
  studentId: `s${number}`,
  expiresAt: 0,
});

const end = (sequence: number, number: number, reason: EndReason): LineEvent => ({
  sequence,
  at: Date.now(),
  type: 'ended',
  number,
  studentId: `s${number}`,
  reason,
});

describe('the replica of a line', () => {
  it('starts from a snapshot', () => {
    const line = replica({ baseNumber: 5, nextNumber: 8, waiting: new Uint8Array([0b10100000]) });
    expect([line.total, line.position(5), line.position(7)]).toEqual([2, 1, 2]);
  });

  it('shows a place that it has not heard of yet too high, never too low', () => {
    const line = replica();
    line.apply([join(1, 1), join(2, 2)]);
    expect(line.position(5)).toBe(5);
    line.apply([join(3, 3), join(4, 4), join(5, 5)]);
    expect(line.position(5)).toBe(5);
  });

  it('moves those behind forward when somebody is let in', () => {
    const line = replica();
    line.apply([join(1, 1), join(2, 2), join(3, 3), admit(4, 1)]);
    line.markDurable(4);
    expect([line.position(2), line.position(3), line.total, line.isWaiting(1)]).toEqual([1, 2, 2, false]);
  });

  it('moves nobody forward for a departure that a loss of the store would undo', () => {
    const line = replica();
    line.apply([join(1, 1), join(2, 2), join(3, 3), join(4, 4), end(5, 1, 'left'), admit(6, 2)]);
    line.markDurable(4);
    expect([line.position(4), line.shownSequence, line.isWaiting(1), line.isWaiting(2)]).toEqual([4, 4, false, false]);
    line.markDurable(5);
    expect([line.position(4), line.shownSequence]).toEqual([3, 5]);
    line.apply([end(7, 2, 'finished')]);
    line.markDurable(6);
    expect([line.position(4), line.total]).toEqual([2, 2]);
  });

  it('counts those whose departure the snapshot knows and the trail does not, and nobody who was inside', () => {
    const undurable = [admit(8, 2), end(9, 3, 'away'), end(10, 1, 'expired')];
    const snapshot: Partial<LineSnapshot> = {
      sequence: 10,
      durableSequence: 7,
      nextNumber: 6,
      waiting: new Uint8Array([0b00011000]),
    };
    const line = replica(snapshot, undurable);
    expect([line.position(5), line.isWaiting(2), line.isWaiting(3)]).toEqual([4, false, false]);
    line.markDurable(10);
    expect([line.position(5), line.total]).toEqual([2, 2]);
  });

  it('does not count those inside whom a rebuilt line has just taken back', () => {
    const undurable = [join(2, 1), admit(3, 1), join(4, 2), end(5, 1, 'removed')];
    const line = replica({ epoch: 2, sequence: 5, nextNumber: 9, waiting: new Uint8Array([0b01000000]) }, undurable);
    expect([line.position(2), line.total]).toEqual([1, 1]);
  });

  it('refuses events that leave a gap', () => {
    expect(() => replica().apply([join(2, 2)])).toThrow('gap');
  });

  it('says when the state of the room changed', () => {
    const line = replica();
    expect(line.apply([join(1, 1)])).toBe(false);
    const paused: LineEvent = {
      sequence: 2,
      at: 5,
      type: 'settings',
      settings: { ...settings, version: 2, control: 'paused' },
    };
    expect(line.apply([paused])).toBe(true);
    expect(line.state).toBe('paused');
  });

  it('withholds positions that could still rise while the line is being recovered, and no others', () => {
    const line = replica({
      state: 'recovering',
      restoredThrough: 2,
      nextNumber: 101,
      waiting: new Uint8Array([0b11000000]),
    });
    line.apply([join(1, 101)]);
    expect([1, 2, 101].map((number) => line.shownPosition(number))).toEqual([1, 2, 0]);
    line.state = 'open';
    expect(line.shownPosition(101)).toBe(3);
  });

  it('withholds them until it knows everybody who came back, also when it hears first that the recovery is over', () => {
    const line = replica({ state: 'recovering', restoredThrough: 2, nextNumber: 101 });
    line.apply([join(1, 101)]);
    line.enter('open', line.now(), 2);
    expect(line.shownPosition(101)).toBe(0);
    line.apply([join(2, 7)]);
    line.enter('open', line.now(), 9);
    expect(line.shownPosition(101)).toBe(2);
  });

  it('lets a resume wait until it shows what the student has seen', async () => {
    const line = replica();
    const waited = line.waitFor(3, 60_000).then(() => line.position(2));
    line.apply([join(1, 1), join(2, 2), end(3, 1, 'left')]);
    line.markDurable(2);
    line.markDurable(3);
    expect(await waited).toBe(1);
  });

  it('measures its speed in admissions per second', () => {
    const line = replica();
    line.apply([join(1, 1), join(2, 2), admit(3, 1), admit(4, 2)]);
    expect(line.speed()).toBeCloseTo(0.2);
  });

  it('tells the planned speed when it begins to move, and what it measured once it has moved for a while', () => {
    jest.useFakeTimers({ now: 1_000_000_000 });
    const line = replica({ state: 'paused', settings: { ...settings, control: 'paused' } });
    const resumed = { type: 'settings' as const, settings: { ...settings, version: 2 } };
    line.apply([join(1, 1), join(2, 2), { sequence: 3, at: Date.now(), ...resumed }]);
    expect(line.expectedSpeed()).toBe(10);

    const opened = replica({ state: 'scheduled' });
    opened.apply([join(1, 1), join(2, 2)]);
    opened.enter('open', opened.now());
    opened.apply([{ sequence: 3, at: opened.now(), type: 'opened' }, admit(4, 1)]);
    expect(opened.expectedSpeed()).toBeCloseTo(10.1);
    jest.advanceTimersByTime(10_000);
    expect(opened.expectedSpeed()).toBeCloseTo(0.1);

    const moving = replica({ state: 'paused', settings: { ...settings, control: 'paused' } });
    moving.apply([
      { sequence: 1, at: Date.now() - 20_000, ...resumed },
      join(2, 1),
      join(3, 2),
      admit(4, 1),
      admit(5, 2),
    ]);
    expect(moving.expectedSpeed()).toBeCloseTo(0.2);
    jest.useRealTimers();
  });

  it('tells the planned speed while it has not counted long enough itself, and none of its own while nobody goes in', () => {
    jest.useFakeTimers({ now: 1_000_000_000 });
    expect(replica().expectedSpeed()).toBe(10);
    const opensAt = Date.now() + 60_000;
    const early = replica({ state: 'draining', settings: { ...settings, control: 'draining', opensAt } });
    expect(early.expectedSpeed()).toBe(0);
    jest.advanceTimersByTime(61_000);
    expect(early.expectedSpeed()).toBeCloseTo(9);
    expect(replica({ state: 'paused', settings: { ...settings, control: 'paused' } }).expectedSpeed()).toBe(0);
    jest.useRealTimers();
  });

  it('counts on from where it was when everybody was gone and their places were forgotten', () => {
    const line = replica({ durableSequence: 4, sequence: 4, nextNumber: 3 });
    line.forgetPlaces();
    expect(line.total).toBe(0);
    line.apply([join(5, 3), join(6, 4)]);
    expect([line.position(3), line.position(4), line.isWaiting(2), line.total]).toEqual([1, 2, false, 2]);
  });
});
