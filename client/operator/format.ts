import { clockFace } from '../sdk';

type Locale = { locale: string };

const regionalOf = ({ locale }: Locale): string =>
  navigator.languages.find((name) => name.startsWith(locale)) ?? locale;

const isSameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString();

const isSameYear = (one: number, other: number): boolean =>
  new Date(one).getFullYear() === new Date(other).getFullYear();

/** A point in time in the operator's own zone: the day too, unless it is today, and the year, unless it is this one. */
export function momentText(texts: Locale, at: number, now: number, { seconds = false } = {}): string {
  return new Intl.DateTimeFormat(regionalOf(texts), {
    ...(isSameDay(at, now) ? {} : { month: 'short', day: 'numeric', weekday: 'short' }),
    ...(isSameYear(at, now) ? {} : { year: 'numeric' }),
    ...{ hour: 'numeric', minute: '2-digit', ...(seconds && { second: '2-digit' }) },
  }).format(at);
}

/** How long something has been going on, or will: `2d 3:04:05`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const days = Math.floor(seconds / 86_400);
  return days > 0 ? `${days}d ${clockFace(seconds % 86_400)}` : clockFace(seconds);
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Of what such a field says to the minute: `2027-02-15T09:00`. */
export const MINUTE_FIELD_LENGTH = 16;

/** What a field of the kind `datetime-local` shows and says, in the operator's own zone; seconds only where there are some. */
export function toLocalField(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const seconds = date.getSeconds() === 0 ? '' : `:${two(date.getSeconds())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}${seconds}`;
}

/** ms since the Unix epoch; undefined when it says no time. */
export function fromLocalField(text: string): number | undefined {
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? at : undefined;
}
