import type { MeetingEntity } from '../entities/meeting.entity';
import type { SectionEntity } from '../entities/section.entity';
import { seatsLeft } from '../seats/rules';
import { dayName, timeOf, type Weekday } from '../seats/rules/week-time';

export interface MeetingView {
  day: Weekday;
  /** `14:00`, in the campus's time zone. */
  start: string;
  end: string;
  location: string;
  /** The part of the term in which it is, `2025-09-04`; left out: from its beginning, or to its end. */
  from?: string;
  until?: string;
  /** Of the halves of the term, 1 or 2; left out: both. */
  half?: number;
}

/** A section as students see it. */
export interface SectionView {
  id: string;
  termId: string;
  courseId: string;
  /** `MATH 252` */
  code: string;
  /** The letter that tells the sections of a course apart; '' for an only one. */
  section: string;
  type: string;
  title: string;
  instructors: string[];
  credits: number;
  capacity: number;
  /** Seats that anybody may still take. */
  left: number;
  /** Students who wait for a seat. */
  waiting: number;
  /** Rises with every change of the seats: an older count never replaces a newer one. */
  version: number;
  /** Only an operator can put somebody in. */
  closed: boolean;
  meetings: MeetingView[];
  prerequisites: string;
  notes: string;
}

/** What people call a section: department, number and, where there are several, its letter. */
export function sectionCode({ department, number, section }: SectionEntity): string {
  return section === '' ? `${department} ${number}` : `${department} ${number} ${section}`;
}

export function sectionView(section: SectionEntity, meetings: MeetingEntity[]): SectionView {
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
