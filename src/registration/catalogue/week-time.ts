/** Days as catalogues write them, Monday first; a day's number is its place, from 1. */
export const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** 1 (Monday) to 7 (Sunday), or undefined for anything else. */
export function dayNumber(day: string): number | undefined {
  const index = WEEKDAYS.indexOf(day as Weekday);
  return index < 0 ? undefined : index + 1;
}

/** `Mo` for 1 and so on. */
export function dayName(day: number): Weekday {
  const name = WEEKDAYS[day - 1];
  if (!name) throw new Error(`${day} is not a day of the week`);
  return name;
}

/** Minutes since midnight of `HH:MM` (00:00 to 24:00), or undefined for anything else. */
export function minuteOf(time: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(time);
  const [hours, minutes] = [Number(match?.[1]), Number(match?.[2])];
  const minute = hours * 60 + minutes;
  return minutes < 60 && minute <= 24 * 60 ? minute : undefined;
}

/** `HH:MM` of minutes since midnight. */
export function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
