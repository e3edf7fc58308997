export interface LocalTime {
  year: string;
  /** 1 to 12 */
  month: number;
  day: number;
  /** Short, in the language. */
  weekday: string;
  /** HH:mm */
  clock: string;
}

/** The parts of a moment (ms since the Unix epoch) as a wall clock in that time zone (IANA name) shows it. */
export function localTime(at: number, locale: string, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    year: part('year'),
    month: Number.parseInt(part('month'), 10),
    day: Number.parseInt(part('day'), 10),
    weekday: part('weekday'),
    clock: `${part('hour').padStart(2, '0')}:${part('minute').padStart(2, '0')}`,
  };
}
