import { assertMove, isOpen, WAITLIST_MOVES, type WaitlistState } from './waitlist-state';

const STATES = Object.keys(WAITLIST_MOVES) as WaitlistState[];

describe('the states of a waitlist entry', () => {
  it.each<[WaitlistState, WaitlistState[]]>([
    ['waiting', ['offered', 'enrolled', 'left', 'closed', 'gone']],
    ['offered', ['enrolled', 'left', 'expired', 'closed']],
    ['enrolled', []],
    ['left', []],
    ['expired', []],
    ['closed', []],
    ['gone', []],
  ])('lead from %s only to %j', (from, legal) => {
    const allowed = STATES.filter((to) => {
      try {
        assertMove(from, to);
        return true;
      } catch {
        return false;
      }
    });
    expect(allowed.sort()).toEqual([...legal].sort());
    expect(isOpen(from)).toBe(legal.length > 0);
  });
});
