import type { Meeting, Weekday } from '../../sdk';
import { groupedMeetings, sideBySide } from './meetings';

const at = (day: Weekday, start: string, end: string, location = 'A 1'): Meeting => ({ day, start, end, location });

describe('meetings', () => {
  it('at the same time and place are one line, in the order of the week', () => {
    const meetings = [at('Fr', '14:00', '14:55'), at('Mo', '14:00', '14:55'), at('Th', '09:00', '09:50')];
    expect(groupedMeetings(meetings)).toEqual([
      { days: ['Mo', 'Fr'], start: '14:00', end: '14:55', location: 'A 1' },
      { days: ['Th'], start: '09:00', end: '09:50', location: 'A 1' },
    ]);
  });

  it('in another part of the term are another line', () => {
    const meetings = [1, 2].map((half) => ({ ...at('Mo', '14:00', '14:55'), half }));
    expect(groupedMeetings(meetings).map(({ half }) => half)).toEqual([1, 2]);
  });
});

describe('what overlaps in the timetable', () => {
  const stretch = (name: string, column: number, start: number, end: number) => ({ name, column, start, end });
  const lanesOf = (...stretches: ReturnType<typeof stretch>[]) =>
    Object.fromEntries(sideBySide(stretches).map(({ name, lane, lanes }) => [name, `${lane + 1}/${lanes}`]));

  it('stands side by side, and alone has the whole day', () => {
    expect(lanesOf(stretch('a', 0, 540, 600), stretch('b', 0, 570, 630), stretch('c', 0, 630, 690))).toEqual({
      a: '1/2',
      b: '2/2',
      c: '1/1',
    });
  });

  it('takes a lane that has become free, and touches no other day', () => {
    const long = stretch('long', 1, 540, 720);
    expect(lanesOf(long, stretch('a', 1, 540, 600), stretch('b', 1, 600, 660), stretch('other', 2, 540, 600))).toEqual({
      long: '1/2',
      a: '2/2',
      b: '2/2',
      other: '1/1',
    });
  });

  it('stands side by side also at the very same time', () => {
    const same = ['a', 'b', 'c'].map((name) => stretch(name, 0, 540, 600));
    expect(lanesOf(...same)).toEqual({ a: '1/3', b: '2/3', c: '3/3' });
  });
});
