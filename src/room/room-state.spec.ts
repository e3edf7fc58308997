import { letsIn, roomStateAt } from './room-state';

describe('the state of a room', () => {
  const room = { control: 'auto' as const, opensAt: 1_000, recoveringUntil: 0 };

  it.each([
    ['is scheduled before the opening', room, 999, 'scheduled'],
    ['is open from the very millisecond of the opening', room, 1_000, 'open'],
    ['is paused whatever the schedule says', { ...room, control: 'paused' as const }, 999, 'paused'],
    ['is draining when an operator says so', { ...room, control: 'draining' as const }, 2_000, 'draining'],
    [
      'is recovering before it is anything an operator says but closed',
      { ...room, control: 'paused' as const, recoveringUntil: 3_000 },
      2_999,
      'recovering',
    ],
    ['goes on with the schedule when the recovery is over', { ...room, recoveringUntil: 3_000 }, 3_000, 'open'],
    ['is closed even while recovering', { ...room, control: 'closed' as const, recoveringUntil: 3_000 }, 1, 'closed'],
  ])('%s', (_, input, now, expected) => {
    expect(roomStateAt(input, now)).toBe(expected);
  });
});

describe('a room', () => {
  it.each([
    ['open', 'auto', 1_000, true],
    ['not open yet', 'auto', 999, false],
    ['draining', 'draining', 1_000, true],
    ['draining before its opening', 'draining', 999, false],
    ['paused', 'paused', 1_000, false],
    ['closed', 'closed', 1_000, false],
  ] as const)('that is %s lets in: %s at %d %p', (_, control, now, expected) => {
    expect(letsIn({ control, opensAt: 1_000, recoveringUntil: 0 }, now)).toBe(expected);
  });
});
