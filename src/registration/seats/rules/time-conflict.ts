import { dayName, timeOf } from '../../../contract/week-time';
import { type MeetingFact, nameOf, type Refusal, type SectionFacts } from './facts';

/** No two meetings at the same time of the same weeks. One may begin in the minute in which the other ends. */
export function refuseTimeConflict(wanted: SectionFacts, enrolled: readonly SectionFacts[]): Refusal | undefined {
  for (const other of enrolled) {
    const clash = clashOf(wanted.meetings, other.meetings);
    if (!clash) continue;
    return {
      code: 'time_conflict',
      message: `${nameOf(wanted)} meets at the same time as ${nameOf(other)}.`,
      details: {
        sectionId: other.id,
        code: other.code,
        section: other.section,
        day: dayName(clash.day),
        start: timeOf(clash.startMinute),
        end: timeOf(clash.endMinute),
      },
    };
  }
  return undefined;
}

/** Whether both are in some week of the term. A half and dates may always meet: where the halves end nobody has said. */
function inSameWeeks(one: MeetingFact, other: MeetingFact): boolean {
  if (one.half && other.half && one.half !== other.half) return false;
  const begins = [one, other].map(({ firstDay }) => firstDay ?? '');
  const ends = [one, other].map(({ lastDay }) => lastDay ?? '9999');
  return begins.every((first) => ends.every((last) => first <= last));
}

/** Whether two lists of meetings share some time. */
export const meetTogether = (first: readonly MeetingFact[], second: readonly MeetingFact[]): boolean =>
  clashOf(first, second) !== undefined;

/** The first time that two lists of meetings share. */
function clashOf(first: readonly MeetingFact[], second: readonly MeetingFact[]): MeetingFact | undefined {
  for (const one of first) {
    for (const other of second) {
      if (one.day !== other.day || !inSameWeeks(one, other)) continue;
      const startMinute = Math.max(one.startMinute, other.startMinute);
      const endMinute = Math.min(one.endMinute, other.endMinute);
      if (startMinute < endMinute) return { day: one.day, startMinute, endMinute };
    }
  }
  return undefined;
}
