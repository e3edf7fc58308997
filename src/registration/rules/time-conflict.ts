import { dayName, timeOf } from '../catalogue/week-time';
import { type MeetingFact, nameOf, type Refusal, type SectionFacts } from './facts';

/** No two meetings at the same time. One may begin in the minute in which the other ends. */
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

/** The first time that two lists of meetings share. */
function clashOf(first: readonly MeetingFact[], second: readonly MeetingFact[]): MeetingFact | undefined {
  for (const one of first) {
    for (const other of second) {
      if (one.day !== other.day) continue;
      const startMinute = Math.max(one.startMinute, other.startMinute);
      const endMinute = Math.min(one.endMinute, other.endMinute);
      if (startMinute < endMinute) return { day: one.day, startMinute, endMinute };
    }
  }
  return undefined;
}
