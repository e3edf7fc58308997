import type { ConsoleSnapshot, LineHistory } from '../../src/contract/operate/console';
import type { RoomReport } from '../../src/contract/operate/rooms';
import { advance, begin } from './feed-state';

const MINUTE_MS = 60_000;

const room = (id: string, waiting = 0): RoomReport => ({ id, waiting }) as RoomReport;

const line = (at: number[], waiting: number[]): LineHistory => {
  const none = at.map(() => 0);
  return { at, waiting, joined: none, admitted: none, noShows: none, inside: none, capacity: none, rate: none };
};

const nothing = { at: [], enrolled: [], requests: [], refused: {}, commitP50Ms: [], commitP99Ms: [], sockets: [] };

const snapshot = (given: Partial<ConsoleSnapshot>): ConsoleSnapshot => ({
  ...{ serverTime: 0, rooms: [], terms: [], stops: [], pods: [], lines: {}, service: nothing },
  ...given,
});

describe('what the console knows', () => {
  it('takes what has changed, and keeps the rest as it is', () => {
    const before = begin(snapshot({ rooms: [room('a', 1), room('b', 2)] }));
    const after = advance(before, { serverTime: 1_000, rooms: [room('b', 3)] });
    expect([...after.rooms.values()].map(({ id, waiting }) => [id, waiting])).toEqual([
      ['a', 1],
      ['b', 3],
    ]);
    expect(after.rooms.get('a')).toBe(before.rooms.get('a'));
    expect(advance(after, { serverTime: 2_000 }).rooms).toBe(after.rooms);
  });

  it('forgets a room that has gone, with its line', () => {
    const before = begin(snapshot({ rooms: [room('a')], lines: { a: line([0], [1]) } }));
    const after = advance(before, { serverTime: 1_000, gone: ['a'] });
    expect([[...after.rooms.keys()], Object.keys(after.lines)]).toEqual([[], []]);
  });

  it('puts the latest samples in the place of what was known of them', () => {
    const before = begin(snapshot({ lines: { a: line([2_000, 4_000], [1, 2]) } }));
    const { lines } = advance(before, { serverTime: 7_000, lines: { a: line([4_000, 6_000], [5, 6]) } });
    expect([lines['a']?.at, lines['a']?.waiting]).toEqual([
      [2_000, 4_000, 6_000],
      [1, 5, 6],
    ]);
  });

  it('keeps a quarter of an hour', () => {
    const before = begin(snapshot({ lines: { a: line([0, 10 * MINUTE_MS], [1, 2]) } }));
    const { lines } = advance(before, { serverTime: 20 * MINUTE_MS, lines: { a: line([20 * MINUTE_MS], [3]) } });
    expect(lines['a']?.at).toEqual([10 * MINUTE_MS, 20 * MINUTE_MS]);
  });

  it('counts a refusal that comes for the first time as 0 before', () => {
    const service = {
      ...nothing,
      at: [0],
      enrolled: [4],
      requests: [4],
      commitP50Ms: [1],
      commitP99Ms: [2],
      sockets: [9],
    };
    const latest = { ...service, at: [2_000], refused: { section_full: [7] } };
    const after = advance(begin(snapshot({ service })), { serverTime: 3_000, service: latest });
    expect(after.service).toMatchObject({ at: [0, 2_000], enrolled: [4, 4], refused: { section_full: [0, 7] } });
  });
});
