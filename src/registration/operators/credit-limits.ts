import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { StudentCreditLimit } from '../../contract/operate/seats';
import { chunksOf } from '../../common/collections';
import { ROWS_PER_STATEMENT } from '../../database/bulk';
import { Database } from '../../database/database';
import { StudentCreditLimitEntity } from '../entities/student-credit-limit.entity';
import type { OperatorAct } from '../seats/seat-request';
import { hundredths } from '../seats/rules';
import { assertNotArchived, findTerm } from '../entities/term-row';
import { type CreditLimitRow, readCreditLimits } from './credit-limit-file';
import { recordTermAct } from './term-acts';

/** Credit limits of single students; those of the term and of class years are part of its policy. */
@Injectable()
export class CreditLimits {
  constructor(private readonly database: Database) {}

  /** All limits of students in the term, by student id. @throws DomainError `not_found`, `database_unavailable` */
  list(termId: string): Promise<StudentCreditLimit[]> {
    return this.database.read(async (manager) => {
      await findTerm(manager, termId);
      const rows = await manager.find(StudentCreditLimitEntity, { where: { termId }, order: { studentId: 'ASC' } });
      return rows.map(({ studentId, limitHundredths, operator, note, setAt }) => ({
        ...{ studentId, creditLimit: limitHundredths / 100, operator, note, setAt },
      }));
    });
  }

  /**
   * Sets one student's limit, in credits; null: the student has that of the class year or the term again. What a student
   * has already stays.
   *
   * @throws DomainError `not_found`, `conflict` when the term is archived, `database_unavailable`
   */
  async set(termId: string, studentId: string, creditLimit: number | null, act: OperatorAct): Promise<void> {
    await this.database.write(async (manager) => {
      assertNotArchived(await findTerm(manager, termId));
      const now = await this.database.now(manager);
      if (creditLimit === null) await manager.delete(StudentCreditLimitEntity, { termId, studentId });
      else await save(manager, termId, [{ studentId, limitHundredths: hundredths(creditLimit) }], act, now);
      await recordTermAct(manager, 'credits', { termId, studentId, doneAt: now, details: { creditLimit } }, act);
    });
  }

  /**
   * Sets the limits of all students of a CSV text; students that it does not name keep theirs.
   *
   * @returns how many were set
   * @throws DomainError `invalid_input` with every problem by line, and then nothing is changed; `not_found`,
   * `conflict` when the term is archived, `database_unavailable`
   */
  import(termId: string, csv: string, operator: string): Promise<number> {
    const rows = readCreditLimits(csv);
    return this.database.write(async (manager) => {
      assertNotArchived(await findTerm(manager, termId));
      const now = await this.database.now(manager);
      await save(manager, termId, rows, { operator, note: '' }, now);
      const details = { imported: rows.length };
      await recordTermAct(manager, 'credits', { termId, doneAt: now, details }, { operator, note: '' });
      return rows.length;
    });
  }
}

async function save(
  manager: EntityManager,
  termId: string,
  limits: readonly CreditLimitRow[],
  { operator, note }: OperatorAct,
  setAt: number,
): Promise<void> {
  const rows = limits.map((limit) => ({ ...limit, termId, operator, note, setAt }));
  for (const part of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await manager
      .createQueryBuilder()
      .insert()
      .into(StudentCreditLimitEntity)
      .values(part)
      .orUpdate(['limit_hundredths', 'operator', 'note', 'set_at'], ['term_id', 'student_id'])
      .updateEntity(false)
      .execute();
  }
}
