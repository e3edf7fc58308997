import type { RowValue } from '../database/bulk';
import type { CatalogueSection } from './catalogue-rows';
import type { MeetingEntity } from './entities/meeting.entity';
import type { SectionEntity } from './entities/section.entity';

/** The id of the course that a section of the term belongs to. */
export function courseId(termId: string, { department, number }: CatalogueSection): string {
  return `${termId}:${department}:${number}`;
}

/** The section as a new row of the table `section`, with no seat taken. */
export function sectionRow(termId: string, section: CatalogueSection): Record<string, RowValue> {
  return {
    id: section.id,
    term_id: termId,
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
    search_text: searchText(section),
    class_year_limits: classYearLimits(section),
    capacity: section.capacity,
    taken: 0,
    held: 0,
    overrides: 0,
    version: 1,
    revision: 1,
  };
}

/** The section's meetings as rows of the table `meeting`. */
export function meetingRow(section: CatalogueSection): Record<string, RowValue>[] {
  return section.meetings.map((meeting, position) => ({
    section_id: section.id,
    position,
    day: meeting.day,
    start_minute: meeting.startMinute,
    end_minute: meeting.endMinute,
    location: meeting.location,
  }));
}

/** Whether anything differs that the rules look at. */
export function rulesDiffer(
  termId: string,
  before: SectionEntity,
  meetings: MeetingEntity[],
  after: CatalogueSection,
): boolean {
  const same =
    before.courseId === courseId(termId, after) &&
    before.type === after.type &&
    before.creditsHundredths === after.creditsHundredths &&
    before.section === after.section &&
    JSON.stringify(meetings.map(timeAndPlace)) === JSON.stringify(after.meetings.map(timeAndPlace));
  return !same;
}

/** Whether anything else differs. */
export function textsDiffer(before: SectionEntity, after: CatalogueSection): boolean {
  return (
    before.title !== after.title ||
    before.instructors !== after.instructors ||
    before.prerequisites !== after.prerequisites ||
    before.notes !== after.notes ||
    before.capacity !== after.capacity ||
    before.classYearLimits !== classYearLimits(after)
  );
}

function timeAndPlace({ day, startMinute, endMinute, location }: CatalogueSection['meetings'][number]): unknown[] {
  return [day, startMinute, endMinute, location];
}

function classYearLimits({ classYearLimits: limits }: CatalogueSection): string | null {
  return Object.keys(limits).length === 0 ? null : JSON.stringify(limits);
}

function searchText({ department, number, title, instructors }: CatalogueSection): string {
  return `${department} ${number} ${title} ${instructors.replaceAll(';', ' ')}`.toLowerCase();
}
