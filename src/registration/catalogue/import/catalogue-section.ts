import { sectionSearchText } from '../../../common/search-text';
import type { RowValue } from '../../../database/bulk';
import type { CatalogueSection } from './catalogue-rows';

/** The id of the course that a section of the term belongs to. */
export function courseId(termId: string, { department, number }: CatalogueSection): string {
  return `${termId}:${department}:${number}`;
}

/** The section as a new row of the table `section`, with no seat taken. `version`: with which it begins. */
export function sectionRow(termId: string, section: CatalogueSection, version: number): Record<string, RowValue> {
  const seats = { capacity: section.capacity, taken: 0, held: 0, overrides: 0 };
  return { term_id: termId, id: section.id, ...columnsOfFile(termId, section), ...seats, version, revision: version };
}

/** What the file says of a section, but for its seats, as columns of the table `section`. */
export function columnsOfFile(termId: string, section: CatalogueSection): Record<string, RowValue> {
  return {
    course_id: courseId(termId, section),
    department: section.department,
    number: section.number,
    section: section.section,
    type: section.type,
    title: section.title,
    instructors: section.instructors,
    credits_hundredths: section.creditsHundredths,
    prerequisites: section.prerequisites,
    notes: section.notes,
    search_text: sectionSearchText(section),
    class_year_limits: classYearLimitsText(section),
  };
}

/** The section's meetings as rows of the table `meeting`. */
export function meetingRows(termId: string, section: CatalogueSection): Record<string, RowValue>[] {
  return section.meetings.map((meeting, position) => ({
    term_id: termId,
    section_id: section.id,
    position,
    day: meeting.day,
    start_minute: meeting.startMinute,
    end_minute: meeting.endMinute,
    location: meeting.location,
    first_day: meeting.firstDay,
    last_day: meeting.lastDay,
    half: meeting.half,
  }));
}

/** The limits as the table keeps them: JSON, or null for none. */
export function classYearLimitsText({ classYearLimits: limits }: CatalogueSection): string | null {
  return Object.keys(limits).length === 0 ? null : JSON.stringify(limits);
}
