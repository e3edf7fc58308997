import type { Meeting, Weekday } from '../../sdk';

export const WEEK: readonly Weekday[] = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A stretch of one day, minutes since midnight. */
export interface Stretch {
  column: number;
  start: number;
  end: number;
}

/** Which of so many lanes beside each other a stretch has. */
export interface Lane {
  lane: number;
  lanes: number;
}

/** Puts what overlaps on a day side by side: each in the first lane that is free, lanes as many as touch one another. */
export function sideBySide<T extends Stretch>(stretches: readonly T[]): (T & Lane)[] {
  const placed: (T & Lane)[] = [];
  let group: (T & Lane)[] = [];
  let groupEnd = 0;
  const endGroup = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    placed.push(...group.map((one) => ({ ...one, lanes })));
    group = [];
  };
  const inOrder = [...stretches].sort((a, b) => a.column - b.column || a.start - b.start || b.end - a.end);
  for (const stretch of inOrder) {
    if (group.length > 0 && (stretch.column !== group[0]?.column || stretch.start >= groupEnd)) endGroup();
    const busy = new Set(group.filter(({ end }) => end > stretch.start).map(({ lane }) => lane));
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    groupEnd = group.length === 0 ? stretch.end : Math.max(groupEnd, stretch.end);
    group.push({ ...stretch, lane, lanes: 1 });
  }
  endGroup();
  return placed;
}

export interface MeetingGroup extends Omit<Meeting, 'day'> {
  /** In the order of the week. */
  days: Weekday[];
}

/** Meetings at the same time and place, in the same part of the term, as one, in the order of the week. */
export function groupedMeetings(meetings: readonly Meeting[]): MeetingGroup[] {
  const groups = new Map<string, MeetingGroup>();
  const inOrder = [...meetings].sort(
    (one, other) => WEEK.indexOf(one.day) - WEEK.indexOf(other.day) || minutesOf(one.start) - minutesOf(other.start),
  );
  for (const { day, ...rest } of inOrder) {
    const { start, end, location, from, until, half } = rest;
    const key = JSON.stringify([start, end, location, from, until, half]);
    const group = groups.get(key);
    if (!group) groups.set(key, { days: [day], ...rest });
    else if (!group.days.includes(day)) group.days.push(day);
  }
  return [...groups.values()];
}
