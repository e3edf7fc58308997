import { randomUUID } from 'node:crypto';
import { bulkInsert, type RowValue } from '../../src/database/bulk';
import type { Database } from '../../src/database/database';

/** The only term: its sections are made row by row, without a catalogue. */
export const TERM = 'term';

export interface TestSection {
  id: string;
  capacity: number;
  course?: string;
  type?: string;
  credits?: number;
  classYearLimits?: Record<string, number>;
  /** `[day, start minute, end minute]` */
  meetings?: [number, number, number][];
}

/** Migrates, and makes the term `TERM` with a course for each section unless it names one, and students `s0` … */
export async function makeTerm(database: Database, sections: TestSection[], students = 0): Promise<void> {
  await database.migrate();
  await database.write(async (manager) => {
    await bulkInsert(manager, 'term', [
      { id: TERM, name: 'Test', content_hash: '', imported_at: 0, credit_limit_hundredths: 600 },
    ]);
  });
  await addSections(database, sections);
  await addStudents(database, students);
}

export async function addSections(database: Database, sections: TestSection[]): Promise<void> {
  await database.write(async (manager) => {
    const courses = new Set(sections.map(courseOf));
    const known = await manager.query<{ id: string }[]>('SELECT id FROM course');
    for (const { id } of known) courses.delete(id);
    await bulkInsert(
      manager,
      'course',
      [...courses].map((id) => ({ id, term_id: TERM, department: 'T', number: id.slice(-16) })),
    );
    await bulkInsert(manager, 'section', sections.map(sectionRow));
    await bulkInsert(manager, 'meeting', sections.flatMap(meetingRows));
  });
}

export async function addStudents(
  database: Database,
  count: number,
  prefix = 's',
  classYear: string | null = null,
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  await database.write((manager) =>
    bulkInsert(
      manager,
      'student',
      ids.map((id) => ({
        id,
        pseudonym: randomUUID().slice(0, 32),
        name: id,
        email: null,
        class_year: classYear,
        language: 'en',
        created_at: 0,
      })),
    ),
  );
  return ids;
}

const courseOf = ({ id, course }: TestSection): string => course ?? `course-${id}`;

const sectionRow = (section: TestSection): Record<string, RowValue> => ({
  id: section.id,
  term_id: TERM,
  course_id: courseOf(section),
  department: 'T',
  number: section.id.slice(0, 16),
  section: '',
  type: section.type ?? 'Lecture',
  title: section.id,
  instructors: '',
  credits_hundredths: (section.credits ?? 1) * 100,
  prerequisites: '',
  notes: '',
  search_text: section.id,
  class_year_limits: section.classYearLimits ? JSON.stringify(section.classYearLimits) : null,
  capacity: section.capacity,
  taken: 0,
  held: 0,
  overrides: 0,
  version: 1,
  revision: 1,
});

const meetingRows = ({ id, meetings = [] }: TestSection): Record<string, RowValue>[] =>
  meetings.map(([day, start, end], position) => ({
    term_id: TERM,
    section_id: id,
    position,
    day,
    start_minute: start,
    end_minute: end,
    location: '',
  }));
