import type { EntityManager } from 'typeorm';
import { bulkInsert } from '../database/bulk';
import { chunks, type ImportPlan } from './catalogue-plan';
import { courseId, meetingRow, sectionRow } from './catalogue-section';
import { CourseEntity } from './entities/course.entity';
import { MeetingEntity } from './entities/meeting.entity';

/** Carries a plan out. Seats that are taken or held stay as they are. */
export async function writePlan(
  manager: EntityManager,
  termId: string,
  { added, changed, missing }: ImportPlan,
): Promise<void> {
  const all = [...added, ...changed.map(({ after }) => after)];
  const courses = new Map(
    all.map((section) => [
      courseId(termId, section),
      { id: courseId(termId, section), termId, department: section.department, number: section.number },
    ]),
  );
  for (const part of chunks([...courses.values()])) {
    await manager.createQueryBuilder().insert().into(CourseEntity).values(part).orIgnore().execute();
  }
  await bulkInsert(
    manager,
    'section',
    added.map((section) => sectionRow(termId, section)),
  );
  for (const { before, after, newRevision } of changed) {
    const { id, taken: _taken, held: _held, overrides: _overrides, ...columns } = sectionRow(termId, after);
    const revision = before.revision + (newRevision ? 1 : 0);
    const version = before.version + (after.capacity === before.capacity ? 0 : 1);
    await updateRow(manager, 'section', id as string, { ...columns, revision, version });
    if (newRevision) await manager.delete(MeetingEntity, { sectionId: id as string });
  }
  for (const { before, capacity } of missing) {
    if (capacity === undefined) continue;
    await updateRow(manager, 'section', before.id, { capacity, version: before.version + 1 });
  }
  const withNewMeetings = [...added, ...changed.filter(({ newRevision }) => newRevision).map(({ after }) => after)];
  await bulkInsert(manager, 'meeting', withNewMeetings.flatMap(meetingRow));
}

async function updateRow(
  manager: EntityManager,
  table: string,
  id: string,
  columns: Record<string, string | number | null>,
): Promise<void> {
  const escape = (name: string): string => manager.dataSource.driver.escape(name);
  const assignments = Object.keys(columns).map((name) => `${escape(name)} = ?`);
  await manager.query(`UPDATE ${escape(table)} SET ${assignments.join(', ')} WHERE id = ?`, [
    ...Object.values(columns),
    id,
  ]);
}
