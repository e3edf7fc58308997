import { Patience } from './patience';

const MINUTE = 60_000;

describe('the patience of a rush', () => {
  it('outlasts a room that lets somebody in each minute for an hour', () => {
    const patience = new Patience({ opensInMs: 0, stuckMs: 2 * MINUTE });
    const minutes = Array.from({ length: 60 }, (_, minute) => minute);
    expect(minutes.filter((minute) => patience.isOver(minute * MINUTE, `${minute} inside`))).toEqual([]);
  });

  it('waits for the opening, however far that is, and then for somebody to get on', () => {
    const patience = new Patience({ opensInMs: 30 * MINUTE, stuckMs: 2 * MINUTE });
    patience.isOver(0, 'all wait');
    expect(patience.isOver(31.9 * MINUTE, 'all wait')).toBe(false);
    expect(patience.isOver(32 * MINUTE, 'all wait')).toBe(true);
  });

  it('ends when nobody gets on any more, counted from the last who did', () => {
    const patience = new Patience({ opensInMs: 0, stuckMs: 2 * MINUTE });
    patience.isOver(0, '1 inside');
    patience.isOver(5 * MINUTE, '2 inside');
    expect(patience.isOver(6.9 * MINUTE, '2 inside')).toBe(false);
    expect(patience.isOver(7 * MINUTE, '2 inside')).toBe(true);
  });

  it('ends at a limit that was given, whatever moves', () => {
    const patience = new Patience({ opensInMs: 0, stuckMs: 2 * MINUTE, limitMs: 3 * MINUTE });
    expect(patience.isOver(2.9 * MINUTE, 'one more')).toBe(false);
    expect(patience.isOver(3 * MINUTE, 'and one more')).toBe(true);
  });
});
