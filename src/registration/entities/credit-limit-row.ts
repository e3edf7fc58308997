import type { ClassYear } from '../../contract/fields';
import type { EntityManager } from 'typeorm';
import { creditLimitOf } from '../seats/rules';
import { readPolicy } from '../seats/seat-policy';
import { StudentCreditLimitEntity } from './student-credit-limit.entity';
import type { TermEntity } from './term.entity';

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
