import { calendarDay, dayName, dayNumber, minuteOf, timeOf, WEEKDAYS } from './week-time';

describe('times of the week', () => {
  it.each([
    ['00:00', 0],
    ['09:05', 545],
    ['23:59', 1_439],
    ['24:00', 1_440],
    ['24:01', undefined],
    ['12:60', undefined],
    ['', undefined],
    ['9.05', undefined],
    ['13:00 PM', undefined],
    ['0:30 am', undefined],
  ])('read %p as minute %p', (text, minute) => {
    expect(minuteOf(text)).toBe(minute);
    if (minute !== undefined) expect(timeOf(minute)).toBe(text);
  });

  it.each([
    ['9:05', 545],
    ['09:05:00', 545],
    ['12:30 PM', 750],
    ['12:15am', 15],
    ['1:20 p.m.', 800],
  ])('read %p, as others write it, as minute %p', (text, minute) => expect(minuteOf(text)).toBe(minute));

  it.each([
    ['Thu', 4],
    ['THURS.', 4],
    ['tuesday', 2],
    ['일', 7],
    ['수요일', 3],
    ['T', undefined],
    ['Thx', undefined],
    ['요일', undefined],
  ])('read %p as day %p', (text, day) => expect(dayNumber(text)).toBe(day));

  it.each([
    ['2025-09-04', '2025-09-04'],
    ['2025-02-29', undefined],
    ['9/4/2025', undefined],
  ])('read %p as the day %p of the calendar', (text, day) => expect(calendarDay(text)).toBe(day));

  it('number the days from Monday', () => {
    expect(WEEKDAYS.map(dayNumber)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([1, 7].map(dayName)).toEqual(['Mo', 'Su']);
    expect(dayNumber('M')).toBeUndefined();
    expect(() => dayName(8)).toThrow();
  });
});
