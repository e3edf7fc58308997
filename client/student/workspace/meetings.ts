import type { Day, Meeting } from '../../sdk';

export const WEEK: readonly Day[] = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

export interface MeetingGroup {
  /** In the order of the week. */
  days: Day[];
  start: string;
  end: string;
  location: string;
}

/** Meetings at the same time and place as one, in the order of the week. */
export function groupedMeetings(meetings: readonly Meeting[]): MeetingGroup[] {
  const groups = new Map<string, MeetingGroup>();
  const inOrder = [...meetings].sort(
    (one, other) => WEEK.indexOf(one.day) - WEEK.indexOf(other.day) || minutesOf(one.start) - minutesOf(other.start),
  );
  for (const { day, start, end, location } of inOrder) {
    const key = `${start} ${end} ${location}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { days: [day], start, end, location });
    else if (!group.days.includes(day)) group.days.push(day);
  }
  return [...groups.values()];
}
