import type { Section } from '../../contract/catalogue';
import type { MeetingEntity } from '../entities/meeting.entity';
import type { SectionEntity } from '../entities/section.entity';
import { seatsLeft } from '../seats/rules';
import { dayName, timeOf } from '../../contract/week-time';

/** What people call a section: department, number and, where there are several, its letter. */
export function sectionCode({ department, number, section }: SectionEntity): string {
  return section === '' ? `${department} ${number}` : `${department} ${number} ${section}`;
}

export function sectionView(section: SectionEntity, meetings: MeetingEntity[]): Section {
  const { id, termId, courseId, type, title, capacity, version, prerequisites, notes } = section;
  return {
    ...{ id, termId, courseId },
    code: `${section.department} ${section.number}`,
    section: section.section,
    ...{ type, title },
    instructors: section.instructors.split(';').filter((name) => name !== ''),
    credits: section.creditsHundredths / 100,
    capacity,
    left: seatsLeft(section),
    waiting: section.waiting,
    version,
    closed: capacity === 0,
    meetings: meetings.map(({ day, startMinute, endMinute, location, firstDay, lastDay, half }) => ({
      day: dayName(day),
      start: timeOf(startMinute),
      end: timeOf(endMinute),
      location,
      ...(firstDay === null ? {} : { from: firstDay }),
      ...(lastDay === null ? {} : { until: lastDay }),
      ...(half === null ? {} : { half }),
    })),
    ...{ prerequisites, notes },
  };
}
