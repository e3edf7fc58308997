import type { ReleasePolicy, BlockedHours } from '../../../contract/policy';
import type { Refusal } from './facts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** When seats may be given back. */
export interface DropTimes {
  dropBlocked: readonly BlockedHours[];
  /** Exclusive, ms since the Unix epoch; null: without an end. */
  dropUntil: number | null;
}

/** Nobody gives a seat back after the deadline, nor in blocked hours; `until` is when it is possible again. */
export function refuseDrop({ dropBlocked, dropUntil }: DropTimes, now: number, timeZone: string): Refusal | undefined {
  const end = dropUntil ?? Number.POSITIVE_INFINITY;
  if (now >= end) {
    const details = { closedAt: end };
    return { code: 'drop_closed', message: 'The time in which seats could be given back is over.', details };
  }
  const until = dropBlockedUntil(dropBlocked, now, timeZone);
  if (until === undefined) return undefined;
  const details = until < end ? { until } : {};
  return { code: 'drop_blocked', message: 'Seats cannot be given back at this hour.', details };
}

/**
 * When a seat given back at `now` can be had again, ms since the Unix epoch; `now` itself: at once.
 *
 * @param random at least 0 and below 1
 * @param timeZone IANA name
 */
export function releaseTime(policy: ReleasePolicy, now: number, random: number, timeZone: string): number {
  switch (policy.when) {
    case 'at_once':
      return now;
    case 'after_delay':
      return now + Math.round((policy.minSeconds + random * (policy.maxSeconds - policy.minSeconds)) * 1_000);
    case 'at_hours':
      return Math.min(...policy.hours.map((hour) => nextTime(hour * 60, now, timeZone)));
  }
}

/**
 * The next moment at which dropping is not blocked; undefined when it is not blocked now, infinity when it always is.
 * Hours that follow on each other count as one.
 */
export function dropBlockedUntil(blocked: readonly BlockedHours[], now: number, timeZone: string): number | undefined {
  const hoursAt = (time: number): BlockedHours | undefined => {
    const minute = minuteOfDay(time, timeZone);
    return blocked.find((hours) => contains(hours, minute));
  };
  if (!hoursAt(now)) return undefined;
  if (fillsTheDay(blocked)) return Number.POSITIVE_INFINITY;
  let until = now;
  for (let hours = hoursAt(now); hours; hours = hoursAt(until)) until = nextTime(hours.toMinute, until, timeZone);
  return until;
}

/** Whether wherever some of them end, others go on. */
const fillsTheDay = (blocked: readonly BlockedHours[]): boolean =>
  blocked.every(({ toMinute }) => blocked.some((hours) => contains(hours, toMinute % DAY_MINUTES)));

/** From a minute to the same one is no time at all. */
function contains({ fromMinute, toMinute }: BlockedHours, minute: number): boolean {
  if (fromMinute === toMinute) return false;
  if (fromMinute < toMinute) return fromMinute <= minute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}

/** The first moment after `now` at which clocks in the zone show this minute of the day. */
function nextTime(minute: number, now: number, timeZone: string): number {
  for (let days = 0; ; days += 1) {
    const time = timeOnDay(minute, now, days, timeZone);
    if (time > now) return time;
  }
}

function minuteOfDay(time: number, timeZone: string): number {
  const shown = new Date(time + offsetMs(time, timeZone));
  return shown.getUTCHours() * 60 + shown.getUTCMinutes();
}

/** A time that the zone skips in spring counts as that much later; of one that comes twice in autumn, the first. */
function timeOnDay(minute: number, now: number, days: number, timeZone: string): number {
  const shown = new Date(now + offsetMs(now, timeZone));
  const midnight = Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate() + days);
  const wanted = midnight + (minute % DAY_MINUTES) * MINUTE_MS + (minute === DAY_MINUTES ? DAY_MINUTES * MINUTE_MS : 0);
  const before = wanted - offsetMs(wanted - DAY_MINUTES * MINUTE_MS, timeZone);
  if (before + offsetMs(before, timeZone) === wanted) return before;
  const after = wanted - offsetMs(wanted + DAY_MINUTES * MINUTE_MS, timeZone);
  return after + offsetMs(after, timeZone) === wanted ? after : before;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in the zone are ahead of UTC at a moment, ms. */
function offsetMs(time: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      ...{ timeZone, hourCycle: 'h23' },
      ...{ ...fields, second: 'numeric' },
    });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - (time - (((time % 1_000) + 1_000) % 1_000));
}
