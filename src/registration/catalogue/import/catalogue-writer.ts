import type { EntityManager } from 'typeorm';
import { chunksOf } from '../../../common/collections';
import { randomId } from '../../../common/ids';
import { bulkInsert, ROWS_PER_STATEMENT, type RowValue } from '../../../database/bulk';
import { CourseEntity } from '../../entities/course.entity';
import { MeetingEntity } from '../../entities/meeting.entity';
import { SeatActEntity } from '../../entities/seat-act.entity';
import type { SectionEntity } from '../../entities/section.entity';
import type { CapacityChange } from './catalogue-capacity';
import type { ImportPlan } from './catalogue-plan';
import type { CatalogueSection } from './catalogue-rows';
import { columnsOfFile, courseId, meetingRows, sectionRow } from './catalogue-section';

/** More than the seats of a section ever change in a term. */
const VERSIONS_OF_ONE_LIFE = 1_000_000;

/**
 * Carries a plan out. Seats that are taken or held stay as they are; new ones that students wait for are held for them,
 * and due at once.
 *
 * @param now ms since the Unix epoch, by the database's clock
 */
export async function writePlan(
  manager: EntityManager,
  termId: string,
  { added, changed, capacities }: ImportPlan,
  now: number,
): Promise<void> {
  await makeCourses(manager, termId, [...added, ...changed.map(({ after }) => after)]);
  const version = await firstVersion(manager, termId);
  const rows = added.map((section) => sectionRow(termId, section, version));
  await bulkInsert(manager, 'section', rows);
  for (const { before, after, newRevision } of changed) {
    const columns = columnsOfFile(termId, after);
    await updateSection(manager, before, { ...columns, revision: before.revision + Number(newRevision) });
    if (newRevision) await manager.delete(MeetingEntity, { termId, sectionId: before.id });
  }
  for (const change of capacities) await writeCapacity(manager, termId, change, now);
  const withNewMeetings = [...added, ...changed.filter(({ newRevision }) => newRevision).map(({ after }) => after)];
  await bulkInsert(
    manager,
    'meeting',
    withNewMeetings.flatMap((section) => meetingRows(termId, section)),
  );
}

/**
 * After all those of the sections of a deleted term with the same id: pods keep what they know of a section's revision,
 * and pages of a version of its seats.
 */
async function firstVersion(manager: EntityManager, termId: string): Promise<number> {
  return (await manager.countBy(SeatActEntity, { termId, act: 'delete' })) * VERSIONS_OF_ONE_LIFE + 1;
}

async function makeCourses(manager: EntityManager, termId: string, sections: CatalogueSection[]): Promise<void> {
  const courses = new Map(
    sections.map((section) => [
      courseId(termId, section),
      { id: courseId(termId, section), termId, department: section.department, number: section.number },
    ]),
  );
  for (const part of chunksOf([...courses.values()], ROWS_PER_STATEMENT)) {
    await manager.createQueryBuilder().insert().into(CourseEntity).values(part).orIgnore().execute();
  }
}

async function writeCapacity(
  manager: EntityManager,
  termId: string,
  { before, capacity, overrides, kept }: CapacityChange,
  now: number,
): Promise<void> {
  const held = before.held + kept;
  await updateSection(manager, before, { capacity, overrides, held, version: before.version + 1 });
  const holds = Array.from({ length: kept }, () => ({
    ...{ id: randomId(), section_id: before.id, term_id: termId },
    ...{ reason: 'release', student_id: null, due_at: now, claimed_until: 0 },
  }));
  await bulkInsert(manager, 'seat_hold', holds);
}

async function updateSection(
  manager: EntityManager,
  { termId, id }: SectionEntity,
  columns: Record<string, RowValue>,
): Promise<void> {
  const escape = (name: string): string => manager.dataSource.driver.escape(name);
  const assignments = Object.keys(columns).map((name) => `${escape(name)} = ?`);
  await manager.query(`UPDATE section SET ${assignments.join(', ')} WHERE term_id = ? AND id = ?`, [
    ...Object.values(columns),
    ...[termId, id],
  ]);
}
