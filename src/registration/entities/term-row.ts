import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/domain-error';
import type { Database } from '../../database/database';
import type { ClassYear } from '../../contract/fields';
import { creditLimitOf } from '../seats/rules';
import { readPolicy } from '../seats/seat-policy';
import { TermEntity } from './term.entity';
import { StudentCreditLimitEntity } from './student-credit-limit.entity';

/** @throws DomainError `not_found` */
export async function findTerm(manager: EntityManager, termId: string): Promise<TermEntity> {
  return there(await manager.findOneBy(TermEntity, { id: termId }), termId);
}

/** The term, its row locked until the transaction ends. @throws DomainError `not_found` */
export async function lockTerm({ kind }: Database, manager: EntityManager, termId: string): Promise<TermEntity> {
  const query = manager.createQueryBuilder(TermEntity, 'term').where({ id: termId });
  return there(await (kind === 'mysql' ? query.setLock('pessimistic_write') : query).getOne(), termId);
}

/** @throws DomainError `conflict` */
export function assertNotArchived({ id, archivedAt }: TermEntity): void {
  if (archivedAt > 0) throw termArchived(id);
}

export function noSuchTerm(termId: string): DomainError {
  return new DomainError('not_found', 'There is no such term.', { termId });
}

export function termArchived(termId: string): DomainError {
  return new DomainError('conflict', `Term "${termId}" is archived: restore it first.`, { termId });
}

function there(term: TermEntity | null, termId: string): TermEntity {
  if (!term) throw noSuchTerm(termId);
  return term;
}

/** The most credits that a student may be enrolled for in a term, in hundredths. */
export async function creditLimitIn(
  manager: EntityManager,
  term: TermEntity | null,
  student: { id: string; classYear: ClassYear | undefined },
): Promise<number> {
  if (!term) return 0;
  const own = await manager.findOneBy(StudentCreditLimitEntity, { termId: term.id, studentId: student.id });
  const { creditLimits: ofClassYears } = readPolicy(term.policy);
  const limits = { ofTerm: term.creditLimitHundredths, ofClassYears, own: own?.limitHundredths };
  return creditLimitOf(limits, student.classYear);
}
