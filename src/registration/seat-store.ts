import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { bulkInsert, placeholders } from '../database/bulk';
import type { DatabaseKind } from '../database/database';
import { StudentEntity } from '../identity/student.entity';
import { SectionEntity } from './entities/section.entity';
import type { MeetingFact, SectionFacts } from './rules';
import type { LockedSection, SeatChanges, SeatState } from './seat-decision';
import { requestHash, type SeatRequest, type SectionOutcome, storedKey } from './seat-request';

export interface StoredAnswer {
  requestHash: string;
  outcomes: SectionOutcome[];
}

interface FactsRow {
  id: string;
  courseId: string;
  department: string;
  number: string;
  section: string;
  type: string;
  creditsHundredths: number;
  revision: number;
}

interface SectionRow extends FactsRow {
  termId: string;
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
  version: number;
}

const FACTS = ['id', 'courseId', 'department', 'number', 'section', 'type', 'creditsHundredths', 'revision'] as const;
const SEATS = ['termId', 'capacity', 'taken', 'held', 'overrides', 'version'] as const;

/**
 * What the ledger says to the database inside its transaction. Locks are taken in one order by everybody: student rows,
 * then section rows, each by ascending id.
 */
export class SeatStore {
  /** Meetings change hardly ever, and a change raises the section's revision. */
  private readonly meetings = new Map<string, { revision: number; meetings: MeetingFact[] }>();

  constructor(private readonly kind: DatabaseKind) {}

  /** @returns the ids that exist, their rows locked */
  async lockStudents(manager: EntityManager, ids: string[]): Promise<Set<string>> {
    const query = manager
      .createQueryBuilder(StudentEntity, 'student')
      .select('student.id', 'id')
      .where('student.id IN (:...ids)', { ids })
      .orderBy('student.id');
    // Another index holds the ids, too, in another order; rows are locked in the order in which they are found.
    const rows = await this.locked(query.useIndex('PRIMARY')).getRawMany<{ id: string }>();
    return new Set(rows.map(({ id }) => id));
  }

  /** The sections that exist, with all that the rules need, their rows locked. */
  async lockSections(manager: EntityManager, ids: string[]): Promise<Map<string, LockedSection>> {
    if (ids.length === 0) return new Map();
    const query = manager.createQueryBuilder(SectionEntity, 'section').select([]);
    for (const property of [...FACTS, ...SEATS]) query.addSelect(`section.${property}`, property);
    query.where('section.id IN (:...ids)', { ids }).orderBy('section.id');
    const rows = await this.locked(query).getRawMany<SectionRow>();
    const facts = await this.withMeetings(manager, rows);
    return new Map(
      rows.map(({ id, termId, capacity, taken, held, overrides, version }) => [
        id,
        { ...(facts.get(id) as SectionFacts), termId, capacity, taken, held, overrides, version },
      ]),
    );
  }

  /** Answers that were given before, by student and stored key. */
  async answers(manager: EntityManager, requests: readonly SeatRequest[]): Promise<Map<string, StoredAnswer>> {
    const rows = await manager.query<
      { student_id: string; request_key: string; request_hash: string; answer: string }[]
    >(
      `SELECT student_id, request_key, request_hash, answer FROM seat_request
       WHERE ${requests.map(() => '(student_id = ? AND request_key = ?)').join(' OR ')}`,
      requests.flatMap((request) => [request.studentId, storedKey(request)]),
    );
    return new Map(
      rows.map((row) => [
        `${row.student_id} ${row.request_key}`,
        { requestHash: row.request_hash, outcomes: JSON.parse(row.answer) as SectionOutcome[] },
      ]),
    );
  }

  /** What the students have in the terms. */
  async enrolments(manager: EntityManager, studentIds: string[], termIds: string[]): Promise<SeatState['enrolments']> {
    const rows = await manager.query<(FactsRow & { studentId: string; termId: string })[]>(
      `SELECT e.student_id AS studentId, e.term_id AS termId, s.id AS id, s.course_id AS courseId,
              s.department AS department, s.number AS number, s.section AS section, s.type AS type,
              s.credits_hundredths AS creditsHundredths, s.revision AS revision
       FROM enrolment e JOIN section s ON s.id = e.section_id
       WHERE e.student_id IN (${placeholders(studentIds.length)}) AND e.term_id IN (${placeholders(termIds.length)})`,
      [...studentIds, ...termIds],
    );
    const facts = await this.withMeetings(manager, rows);
    return rows.map(({ id, studentId, termId }) => ({ studentId, termId, section: facts.get(id) as SectionFacts }));
  }

  async creditLimits(manager: EntityManager, termIds: string[]): Promise<Map<string, number>> {
    const rows = await manager.query<{ id: string; credit_limit_hundredths: number }[]>(
      `SELECT id, credit_limit_hundredths FROM term WHERE id IN (${placeholders(termIds.length)})`,
      termIds,
    );
    return new Map(rows.map((row) => [row.id, row.credit_limit_hundredths]));
  }

  async save(
    manager: EntityManager,
    changes: SeatChanges,
    answered: readonly { request: SeatRequest; outcomes: SectionOutcome[] }[],
    now: number,
  ): Promise<void> {
    await this.deleteEnrolments(manager, changes.removed);
    await bulkInsert(
      manager,
      'enrolment',
      changes.added.map(({ studentId, sectionId, termId, admission }) => ({
        student_id: studentId,
        section_id: sectionId,
        term_id: termId,
        enrolled_at: now,
        source: 'commit',
        admission_jti: admission ?? null,
      })),
    );
    await this.changeSeats(manager, changes.seats);
    await bulkInsert(
      manager,
      'seat_request',
      answered.map(({ request, outcomes }) => ({
        student_id: request.studentId,
        request_key: storedKey(request),
        request_hash: requestHash(request),
        answer: JSON.stringify(outcomes),
        answered_at: now,
      })),
    );
  }

  /** Waits for the rows and keeps them until the transaction ends. On SQLite the transaction itself is the lock. */
  protected locked<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.kind === 'mysql' ? query.setLock('pessimistic_write') : query;
  }

  private async deleteEnrolments(manager: EntityManager, removed: SeatChanges['removed']): Promise<void> {
    if (removed.length === 0) return;
    await manager.query(
      `DELETE FROM enrolment WHERE ${removed.map(() => '(student_id = ? AND section_id = ?)').join(' OR ')}`,
      removed.flatMap(({ studentId, sectionId }) => [studentId, sectionId]),
    );
  }

  /** Adds to what is there instead of setting it, so that the CHECK catches any count that was decided on a wrong one. */
  private async changeSeats(manager: EntityManager, seats: SeatChanges['seats']): Promise<void> {
    if (seats.length === 0) return;
    const cases = seats.map(() => 'WHEN ? THEN ?').join(' ');
    await manager.query(
      `UPDATE section SET taken = taken + CASE id ${cases} ELSE 0 END, version = version + 1
       WHERE id IN (${placeholders(seats.length)})`,
      [...seats.flatMap(({ sectionId, taken }) => [sectionId, taken]), ...seats.map(({ sectionId }) => sectionId)],
    );
  }

  private async withMeetings(manager: EntityManager, rows: FactsRow[]): Promise<Map<string, SectionFacts>> {
    const stale = rows.filter(({ id, revision }) => this.meetings.get(id)?.revision !== revision);
    await this.loadMeetings(manager, new Map(stale.map(({ id, revision }) => [id, revision])));
    return new Map(
      rows.map(({ id, courseId, department, number, section, type, creditsHundredths }) => [
        id,
        {
          ...{ id, courseId, section, type, creditsHundredths },
          code: `${department} ${number}`,
          meetings: this.meetings.get(id)?.meetings ?? [],
        },
      ]),
    );
  }

  private async loadMeetings(manager: EntityManager, revisions: Map<string, number>): Promise<void> {
    if (revisions.size === 0) return;
    const rows = await manager.query<(MeetingFact & { sectionId: string })[]>(
      `SELECT section_id AS sectionId, day AS day, start_minute AS startMinute, end_minute AS endMinute
       FROM meeting WHERE section_id IN (${placeholders(revisions.size)}) ORDER BY section_id, position`,
      [...revisions.keys()],
    );
    for (const [id, revision] of revisions) this.meetings.set(id, { revision, meetings: [] });
    for (const { sectionId, ...meeting } of rows) this.meetings.get(sectionId)?.meetings.push(meeting);
  }
}
