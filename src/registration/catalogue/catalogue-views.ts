import type { Section, ClassYearWindow, StudentWindow } from '../../contract/catalogue';
import type { SectionEntity } from '../entities/section.entity';
import { windowOf } from '../seats/rules';
import type { SeatCount } from './search/seat-counts';
import type { IndexedMeeting, IndexedSection } from './search/term-index';
import { dayName, timeOf } from '../../contract/week-time';
import { CLASS_YEARS, type ClassYear } from '../../contract/fields';
import type { EnrolmentWindow, EnrolmentWindows } from '../../contract/policy';

/** What people call a section: department, number and, where there are several, its letter. */
export function sectionCode({ department, number, section }: SectionEntity): string {
  return section === '' ? `${department} ${number}` : `${department} ${number} ${section}`;
}

export function sectionView(
  section: Omit<IndexedSection, 'meetings'>,
  { capacity, left, waiting, version }: SeatCount,
  meetings: readonly IndexedMeeting[],
): Section {
  const { id, termId, courseId, type, title, prerequisites, notes } = section;
  return {
    ...{ id, termId, courseId },
    code: `${section.department} ${section.number}`,
    section: section.section,
    ...{ type, title },
    instructors: section.instructors.split(';').filter((name) => name !== ''),
    credits: section.creditsHundredths / 100,
    ...{ capacity, left, waiting, version },
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

/** The windows that there are, from the first year to the last, and then that of all others. */
export function windowViews(windows: EnrolmentWindows): ClassYearWindow[] {
  return [...CLASS_YEARS, 'other' as const].flatMap((classYear) => {
    const window = windows[classYear];
    return window ? [{ classYear, ...toView(window) }] : [];
  });
}

/** The window that holds for a student; without any, the time is free. */
export function studentWindow(windows: EnrolmentWindows, classYear: ClassYear | undefined): StudentWindow {
  return { classYear: classYear ?? null, ...toView(windowOf(windows, classYear)) };
}

const toView = ({ from, until }: EnrolmentWindow) => ({ opensAt: from ?? null, closesAt: until ?? null });
