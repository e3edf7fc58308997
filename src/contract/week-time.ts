/** Days as they are shown, Monday first; a day's number is its place, from 1. */
export const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export const MINUTES_OF_DAY = 24 * 60;

const ENGLISH = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const KOREAN = ['월', '화', '수', '목', '금', '토', '일'];

/**
 * 1 (Monday) to 7 (Sunday) of an English day or what it is cut to (`Th`, `Thu`, `Thurs`), or of a Korean one (`목`,
 * `목요일`); undefined for anything else, `T` and `S` among it, which may be two days.
 */
export function dayNumber(day: string): number | undefined {
  const name = day.trim().toLowerCase().replace(/\.$/, '');
  const index = ENGLISH.findIndex((full, place) => {
    const korean = KOREAN[place] ?? '';
    return (name.length >= 2 && full.startsWith(name)) || name === korean || name === `${korean}요일`;
  });
  return index < 0 ? undefined : index + 1;
}

/** `Mo` for 1 and so on. */
export function dayName(day: number): Weekday {
  const name = WEEKDAYS[day - 1];
  if (!name) throw new Error(`${day} is not a day of the week`);
  return name;
}

/**
 * Minutes since midnight of `9:05`, `09:05`, `09:05:00` (00:00 to 24:00) or `12:30 PM`; undefined for anything else.
 */
export function minuteOf(time: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::00)?(?:\s*([ap])\.?m\.?)?$/i.exec(time.trim());
  const [, hours = '', minutes = '', half] = match ?? [];
  if (!match || Number(minutes) >= 60) return undefined;
  if (half === undefined) return inDay(Number(hours) * 60 + Number(minutes));
  if (Number(hours) < 1 || Number(hours) > 12) return undefined;
  return ((Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)) * 60 + Number(minutes);
}

const inDay = (minute: number): number | undefined => (minute <= MINUTES_OF_DAY ? minute : undefined);

/** `HH:MM` of minutes since midnight. */
export function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** A day of the calendar as `2025-09-04`, or undefined for anything else. */
export function calendarDay(text: string): string | undefined {
  const day = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}
