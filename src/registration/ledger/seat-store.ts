import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { ClassYear } from '../../contract/fields';
import { pairKey } from '../../common/text';
import { pairsIn, placeholders } from '../../database/bulk';
import type { DatabaseKind } from '../../database/database';
import { StudentEntity } from '../../identity/student.entity';
import { SectionEntity } from '../entities/section.entity';
import { classYearOf, type SectionFacts } from '../seats/rules';
import { readPolicy } from '../seats/seat-policy';
import { idsByTerm, refOf, sectionKey, sectionPairs, type SectionRef } from '../seats/section-ref';
import type { SectionOutcome } from '../../contract/seats';
import type { LockedSection, SeatState, SeatStopFacts, StudentFacts, TermFacts } from '../seats/seat-state';
import { type FactsRow, type MeetingsReading, SectionMeetings } from './section-meetings';
import { answerKey, type NamedRequest } from './named-request';

export interface StoredAnswer {
  requestHash: string;
  outcomes: SectionOutcome[];
}

interface SectionRow extends FactsRow {
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
  waiting: number;
  waitlistNumber: number;
  policy: string | null;
  classYearLimits: string | null;
  version: number;
}

const FACTS = ['id', 'courseId', 'department', 'number', 'section', 'type', 'creditsHundredths', 'revision'] as const;
const SEATS = ['termId', 'capacity', 'taken', 'held', 'overrides', 'waiting', 'waitlistNumber', 'version'] as const;
const RULES = ['policy', 'classYearLimits'] as const;

/**
 * What the ledger locks and reads inside its transaction. Locks are taken in one order by everybody: student rows, then
 * section rows, each by ascending key. Enrolments are guarded by both; waitlist entries and held seats by the section's.
 */
export class SeatStore {
  readonly meetings = new SectionMeetings();

  constructor(private readonly kind: DatabaseKind) {}

  /** @returns the students that exist, their rows locked */
  async lockStudents(manager: EntityManager, ids: string[]): Promise<Map<string, StudentFacts>> {
    if (ids.length === 0) return new Map();
    const query = manager
      .createQueryBuilder(StudentEntity, 'student')
      .select('student.id', 'id')
      .addSelect('student.classYear', 'classYear')
      .where('student.id IN (:...ids)', { ids })
      .orderBy('student.id');
    // Another index holds the ids, too, in another order; rows are locked in the order in which they are found.
    const rows = await this.locked(query.useIndex('PRIMARY')).getRawMany<{ id: string; classYear: string | null }>();
    return new Map(rows.map(({ id, classYear }) => [id, { classYear: classYearOf(classYear) }]));
  }

  /** The sections that exist, with all that the rules need, their rows locked; by section key. */
  async lockSections(
    manager: EntityManager,
    wanted: readonly SectionRef[],
    terms: ReadonlyMap<string, TermFacts>,
    meetings: MeetingsReading,
  ): Promise<Map<string, LockedSection>> {
    if (wanted.length === 0) return new Map();
    const query = manager.createQueryBuilder(SectionEntity, 'section').select([]);
    for (const property of [...FACTS, ...SEATS, ...RULES]) query.addSelect(`section.${property}`, property);
    [...idsByTerm(wanted)].forEach(([termId, ids], index) => {
      const [term, own] = [`term${index}`, `ids${index}`];
      query.orWhere(`(section.termId = :${term} AND section.id IN (:...${own}))`, { [term]: termId, [own]: ids });
    });
    // By any other index the rows would be found, and locked, in another order.
    query.useIndex('PRIMARY').orderBy('section.termId').addOrderBy('section.id');
    const rows = await this.locked(query).getRawMany<SectionRow>();
    const facts = await meetings.withFacts(manager, rows);
    return new Map(
      rows.map((row) => {
        const key = sectionKey(refOf(row));
        return [key, toSection(row, facts.get(key) as SectionFacts, terms)];
      }),
    );
  }

  /** Answers that were given before, by student and stored key. */
  async answers(manager: EntityManager, requests: readonly NamedRequest[]): Promise<Map<string, StoredAnswer>> {
    const pairs = requests.map(({ studentId, storedKey }) => [studentId, storedKey] as const);
    const { sql, values } = pairsIn(manager, ['student_id', 'request_key'], pairs);
    const rows = await manager.query<
      { student_id: string; request_key: string; request_hash: string; answer: string }[]
    >(
      `SELECT student_id, request_key, request_hash, answer FROM seat_request
       WHERE ${sql}`,
      values,
    );
    return new Map(
      rows.map((row) => [
        answerKey({ studentId: row.student_id, storedKey: row.request_key }),
        { requestHash: row.request_hash, outcomes: JSON.parse(row.answer) as SectionOutcome[] },
      ]),
    );
  }

  /** What the students have in the terms. */
  async enrolments(
    manager: EntityManager,
    studentIds: string[],
    termIds: string[],
    meetings: MeetingsReading,
  ): Promise<SeatState['enrolments']> {
    if (studentIds.length === 0) return [];
    // Where many have just enrolled, the statistics lag behind, and the planner would rather read the whole table.
    const byStudent = this.kind === 'mysql' ? 'FORCE INDEX (PRIMARY)' : '';
    const rows = await manager.query<(FactsRow & { studentId: string })[]>(
      `SELECT e.student_id AS studentId, e.term_id AS termId, s.id AS id, s.course_id AS courseId,
              s.department AS department, s.number AS number, s.section AS section, s.type AS type,
              s.credits_hundredths AS creditsHundredths, s.revision AS revision
       FROM enrolment e ${byStudent} LEFT JOIN section s
         ON s.term_id = e.term_id AND s.id = e.section_id
       WHERE e.student_id IN (${placeholders(studentIds.length)}) AND e.term_id IN (${placeholders(termIds.length)})`,
      [...studentIds, ...termIds],
    );
    const facts = await meetings.withFacts(manager, rows);
    return rows.map(({ id, studentId, termId }) => ({
      ...{ studentId, termId },
      section: facts.get(sectionKey({ termId, sectionId: id })) as SectionFacts,
    }));
  }

  /** Who has a seat in each of the sections. */
  async enrolledIn(manager: EntityManager, sections: readonly SectionRef[]): Promise<Map<string, string[]>> {
    const students = new Map(sections.map((section) => [sectionKey(section), [] as string[]]));
    if (sections.length === 0) return students;
    const { sql, values } = pairsIn(manager, ['term_id', 'section_id'], sectionPairs(sections));
    const rows = await manager.query<(SectionRef & { studentId: string })[]>(
      `SELECT term_id AS termId, section_id AS sectionId, student_id AS studentId FROM enrolment WHERE ${sql}`,
      values,
    );
    for (const row of rows) students.get(sectionKey(row))?.push(row.studentId);
    return students;
  }

  async terms(manager: EntityManager, termIds: string[]): Promise<Map<string, TermFacts>> {
    const rows = await manager.query<{ id: string; credit_limit_hundredths: number; policy: string | null }[]>(
      `SELECT id, credit_limit_hundredths, policy FROM term WHERE id IN (${placeholders(termIds.length)})`,
      termIds,
    );
    return new Map(
      rows.map(({ id, credit_limit_hundredths, policy }) => [
        id,
        { creditLimitHundredths: credit_limit_hundredths, policy: readPolicy(policy) },
      ]),
    );
  }

  /** Credit limits of the students' own in the terms, in hundredths, by `pairKey` of term and student. */
  async creditLimits(manager: EntityManager, studentIds: string[], termIds: string[]): Promise<Map<string, number>> {
    if (studentIds.length === 0) return new Map();
    const rows = await manager.query<{ term_id: string; student_id: string; limit_hundredths: number }[]>(
      `SELECT term_id, student_id, limit_hundredths FROM student_credit_limit
       WHERE term_id IN (${placeholders(termIds.length)}) AND student_id IN (${placeholders(studentIds.length)})`,
      [...termIds, ...studentIds],
    );
    return new Map(rows.map((row) => [pairKey(row.term_id, row.student_id), row.limit_hundredths]));
  }

  /** Which of the terms stand still; the newest word, when the sections' locks are held. */
  async stops(manager: EntityManager, termIds: string[]): Promise<Map<string, SeatStopFacts | 'archived'>> {
    if (termIds.length === 0) return new Map();
    const rows = await manager.query<
      { id: string; archived: number | string; reason: string; stopped_at: number | string }[]
    >(
      `SELECT t.id, t.archived_at > 0 AS archived, s.reason, s.stopped_at
       FROM term t LEFT JOIN seat_stop s ON s.term_id = t.id
       WHERE t.id IN (${placeholders(termIds.length)}) AND (t.archived_at > 0 OR s.term_id IS NOT NULL)`,
      termIds,
    );
    return new Map(
      rows.map(({ id, archived, reason, stopped_at }) => [
        id,
        Number(archived) ? 'archived' : { reason, stoppedAt: Number(stopped_at) },
      ]),
    );
  }

  /** How many of each class year have a seat, in those of the sections that limit it. */
  async classYearTaken(
    manager: EntityManager,
    sections: readonly LockedSection[],
  ): Promise<Map<string, Map<ClassYear, number>>> {
    const limited = sections.filter(({ classYearLimits }) => classYearLimits).map(refOf);
    const taken = new Map(limited.map((section) => [sectionKey(section), new Map<ClassYear, number>()]));
    if (limited.length === 0) return taken;
    const { sql, values } = pairsIn(manager, ['e.term_id', 'e.section_id'], sectionPairs(limited));
    const rows = await manager.query<(SectionRef & { classYear: string | null; taken: number | string })[]>(
      `SELECT e.term_id AS termId, e.section_id AS sectionId, s.class_year AS classYear, COUNT(*) AS taken
       FROM enrolment e JOIN student s ON s.id = e.student_id
       WHERE ${sql} GROUP BY e.term_id, e.section_id, s.class_year`,
      values,
    );
    for (const row of rows) {
      const year = classYearOf(row.classYear);
      const counts = taken.get(sectionKey(row));
      if (year && counts) counts.set(year, (counts.get(year) ?? 0) + Number(row.taken));
    }
    return taken;
  }

  /** Waits for the rows and keeps them until the transaction ends. On SQLite the transaction itself is the lock. */
  protected locked<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return this.kind === 'mysql' ? query.setLock('pessimistic_write') : query;
  }
}

function toSection(row: SectionRow, facts: SectionFacts, terms: ReadonlyMap<string, TermFacts>): LockedSection {
  const { termId, capacity, taken, held, overrides, waiting, waitlistNumber, version } = row;
  const limited = row.classYearLimits !== null && terms.get(termId)?.policy.classYearLimits === true;
  return {
    ...facts,
    ...{ termId, capacity, taken, held, overrides, waiting, waitlistNumber, version },
    policy: readPolicy(row.policy),
    classYearLimits: limited ? (JSON.parse(row.classYearLimits ?? '{}') as Record<ClassYear, number>) : undefined,
  };
}
