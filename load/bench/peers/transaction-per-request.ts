import type { DataSource, EntityManager } from 'typeorm';
import type { TermPolicy } from '../../../src/contract/policy';
import type { ClassYear } from '../../../src/contract/fields';
import { AdmissionEntity } from '../../../src/admission/admission.entity';
import { failureKind } from '../../../src/database/database-error';
import { type EntityClass, mysqlPool } from '../../../src/database/mysql-pool';
import { withRetries } from '../../../src/common/retry';
import { OutboxTable } from '../../../src/notice/outbox';
import { StudentEntity } from '../../../src/identity/student.entity';
import { EnrolmentEntity } from '../../../src/registration/entities/enrolment.entity';
import { MeetingEntity } from '../../../src/registration/entities/meeting.entity';
import { SeatRequestEntity } from '../../../src/registration/entities/seat-request.entity';
import { SectionEntity } from '../../../src/registration/entities/section.entity';
import {
  classYearOf,
  type MeetingFact,
  type Refusal,
  refuseEnrolment,
  type SectionFacts,
} from '../../../src/registration/seats/rules';
import { readPolicy } from '../../../src/registration/seats/seat-policy';
import { sectionKey } from '../../../src/registration/seats/section-ref';
import { type SectionOutcome } from '../../../src/contract/seats';
import { type CommitRequest } from '../../../src/registration/seats/seat-request';
import { requestHash, storedKey } from '../../../src/registration/ledger/named-request';

/** More connections only make transactions wait for each other inside the server instead of outside. */
const POOL_SIZE = 20;

const RETRIES = { attempts: 8, firstPauseMs: 10, longestPauseMs: 500, spread: 1 };

interface EnrolledRow {
  creditLimit: number;
  policy: string | null;
  id: string | null;
  courseId: string;
  department: string;
  number: string;
  section: string;
  type: string;
  creditsHundredths: number;
  revision: number;
}

interface Seeker {
  request: CommitRequest;
  /** ms since the Unix epoch, by the database's clock. */
  now: number;
  classYear: ClassYear | undefined;
  enrolled: SectionFacts[];
  creditLimitHundredths: number;
  policy: TermPolicy;
}

/**
 * A seat commit as a careful engineer writes it with TypeORM: one transaction per request, READ COMMITTED, the student's
 * row and the section's row locked with `pessimistic_write`, the same checks in the same order and the same rows as the
 * ledger's. Everything that does not need the hot row is done before that is locked, meetings are cached as the ledger
 * caches them, sessions are set up as the ledger's are, and a deadlock is tried again. What the bench has none of
 * (waitlists, limits per class year) costs it nothing.
 */
export class TransactionPerRequest {
  private readonly outbox = new OutboxTable();
  private readonly meetings = new Map<string, { revision: number; meetings: MeetingFact[] }>();

  private constructor(private readonly dataSource: DataSource) {}

  static async open(url: string, entities: EntityClass[]): Promise<TransactionPerRequest> {
    const pool = { poolSize: POOL_SIZE, queueLimit: 10_000, connectTimeoutMs: 5_000, statementTimeoutMs: 15_000 };
    return new TransactionPerRequest(await mysqlPool({ url, entities, ...pool }).initialize());
  }

  commit(request: CommitRequest): Promise<SectionOutcome[]> {
    return withRetries(
      RETRIES,
      (error) => failureKind(error) === 'retry',
      () => this.dataSource.transaction((manager) => this.decide(manager, request)),
    );
  }

  query<T>(sql: string): Promise<T> {
    return this.dataSource.query(sql);
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  private async decide(manager: EntityManager, request: CommitRequest): Promise<SectionOutcome[]> {
    const { studentId, termId } = request;
    const student = await manager.findOne(StudentEntity, {
      select: { id: true, classYear: true },
      where: { id: studentId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!student) throw new Error('the student is not known');
    const before = await manager.findOneBy(SeatRequestEntity, { studentId, requestKey: storedKey(request) });
    if (before) {
      if (before.requestHash !== requestHash(request)) throw new Error('the key was used for another request');
      return JSON.parse(before.answer) as SectionOutcome[];
    }
    const now = await checkAdmission(manager, request);
    const seeker = { request, now, classYear: classYearOf(student.classYear), ...(await this.has(manager, request)) };
    const outcomes: SectionOutcome[] = [];
    for (const sectionId of request.sectionIds) outcomes.push(await this.take(manager, seeker, sectionId));
    await insert(manager, SeatRequestEntity, {
      studentId,
      requestKey: storedKey(request),
      requestHash: requestHash(request),
      answer: JSON.stringify(outcomes),
      answeredAt: now,
    });
    const notices = outcomes.filter(({ outcome }) => outcome === 'enrolled');
    await this.outbox.add(
      manager,
      notices.map(({ sectionId }) => ({ studentId, termId, sectionId, kind: 'enrolled', details: {} })),
      now,
    );
    return outcomes;
  }

  private async take(manager: EntityManager, seeker: Seeker, sectionId: string): Promise<SectionOutcome> {
    const { request, now, classYear, enrolled, creditLimitHundredths, policy } = seeker;
    const { studentId, termId, admission } = request;
    const section = await manager.findOne(SectionEntity, {
      where: { id: sectionId, termId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!section) throw new Error('there is no such section');
    const wanted = await this.facts(manager, section);
    const window = { windows: policy.windows ?? {}, classYear, now };
    const refusal = refuseEnrolment({ wanted, seats: section, enrolled, creditLimitHundredths, window });
    if (refusal) return refused(sectionId, refusal);
    enrolled.push(wanted);
    const row = { studentId, sectionId, termId, enrolledAt: now, source: 'commit' as const };
    await insert(manager, EnrolmentEntity, { ...row, admissionJti: admission ?? null });
    const { taken, version } = section;
    await manager.update(SectionEntity, { termId, id: sectionId }, { taken: taken + 1, version: version + 1 });
    return { sectionId, outcome: 'enrolled' };
  }

  /** What the student has, and what holds in the term, in one question. */
  private async has(manager: EntityManager, { studentId, termId }: CommitRequest) {
    const rows = await manager.query<EnrolledRow[]>(
      `SELECT t.credit_limit_hundredths AS creditLimit, t.policy AS policy, s.id AS id, s.course_id AS courseId,
              s.department AS department, s.number AS number, s.section AS section, s.type AS type,
              s.credits_hundredths AS creditsHundredths, s.revision AS revision
       FROM term t
       LEFT JOIN enrolment e ON e.term_id = t.id AND e.student_id = ?
       LEFT JOIN section s ON s.term_id = e.term_id AND s.id = e.section_id
       WHERE t.id = ?`,
      [studentId, termId],
    );
    const enrolled: SectionFacts[] = [];
    for (const { id, ...row } of rows)
      if (id !== null) enrolled.push(await this.facts(manager, { id, termId, ...row }));
    const [{ creditLimit, policy } = { creditLimit: 0, policy: null }] = rows;
    return { enrolled, creditLimitHundredths: creditLimit, policy: readPolicy(policy) };
  }

  private async facts(
    manager: EntityManager,
    row: Omit<EnrolledRow, 'id' | 'creditLimit' | 'policy'> & { id: string; termId: string },
  ): Promise<SectionFacts> {
    const { id, termId, courseId, section, type, creditsHundredths, revision } = row;
    const key = sectionKey({ termId, sectionId: id });
    let known = this.meetings.get(key);
    if (known?.revision !== revision) {
      known = { revision, meetings: await manager.findBy(MeetingEntity, { termId, sectionId: id }) };
      this.meetings.set(key, known);
    }
    const code = `${row.department} ${row.number}`;
    return { ...{ id, courseId, code, section, type, creditsHundredths }, meetings: known.meetings };
  }
}

/** The admission lives, by its row and the database's clock, asked in one question. @returns the time by that clock, ms */
async function checkAdmission(manager: EntityManager, { admission, studentId }: CommitRequest): Promise<number> {
  const found = await manager
    .createQueryBuilder(AdmissionEntity, 'admission')
    .select('admission.expiresAt', 'expiresAt')
    .addSelect('CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED)', 'now')
    .where({ jti: admission, studentId })
    .andWhere('admission.endedAt IS NULL')
    .getRawOne<{ expiresAt: string; now: string }>();
  if (!found || Number(found.expiresAt) <= Number(found.now)) throw new Error('the admission does not live');
  return Number(found.now);
}

/** One statement: nothing is generated that would have to be read back. */
async function insert<T extends object>(manager: EntityManager, entity: new () => T, row: T): Promise<void> {
  await manager.createQueryBuilder().insert().into(entity).values(row).updateEntity(false).execute();
}

function refused(sectionId: string, { code, message, details }: Refusal): SectionOutcome {
  return { sectionId, outcome: 'refused', error: { code, message, retryable: false, details } };
}
