import { dayName, dayNumber, minuteOf, timeOf, WEEKDAYS } from './week-time';

describe('times of the week', () => {
  it.each([
    ['00:00', 0],
    ['09:05', 545],
    ['23:59', 1_439],
    ['24:00', 1_440],
    ['24:01', undefined],
    ['12:60', undefined],
    ['9:05', undefined],
    ['', undefined],
    ['09:05pm', undefined],
  ])('read %p as minute %p', (text, minute) => {
    expect(minuteOf(text)).toBe(minute);
    if (minute !== undefined) expect(timeOf(minute)).toBe(text);
  });

  it('number the days from Monday', () => {
    expect(WEEKDAYS.map(dayNumber)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([1, 7].map(dayName)).toEqual(['Mo', 'Su']);
    expect(dayNumber('M')).toBeUndefined();
    expect(() => dayName(8)).toThrow();
  });
});
