import type { Day, Meeting } from '../../sdk';
import { groupedMeetings, overlaps } from './meetings';
import { moved } from './order';

const at = (day: Day, start: string, end: string, location = 'A 1'): Meeting => ({ day, start, end, location });

describe('meetings', () => {
  it('overlap when they share a minute of the same day', () => {
    expect(overlaps([at('Mo', '09:00', '09:55')], [at('Mo', '09:54', '10:30')])).toBe(true);
    expect(overlaps([at('Mo', '09:00', '09:55')], [at('Tu', '09:00', '09:55')])).toBe(false);
  });

  it('do not overlap when one ends as the other starts', () => {
    expect(overlaps([at('Mo', '09:00', '10:00')], [at('Mo', '10:00', '11:00')])).toBe(false);
  });

  it('at the same time and place are one line, in the order of the week', () => {
    const meetings = [at('Fr', '14:00', '14:55'), at('Mo', '14:00', '14:55'), at('Th', '09:00', '09:50')];
    expect(groupedMeetings(meetings)).toEqual([
      { days: ['Mo', 'Fr'], start: '14:00', end: '14:55', location: 'A 1' },
      { days: ['Th'], start: '09:00', end: '09:50', location: 'A 1' },
    ]);
  });
});

describe('the order of the cart', () => {
  const ids = (list: { id: string }[]) => list.map(({ id }) => id).join('');
  const cart = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  it('changes by one place', () => {
    expect(ids(moved(cart, 'b', -1))).toBe('bac');
    expect(ids(moved(cart, 'b', 1))).toBe('acb');
  });

  it('stays at its ends', () => {
    expect(ids(moved(cart, 'a', -1))).toBe('abc');
    expect(ids(moved(cart, 'c', 1))).toBe('abc');
  });
});
