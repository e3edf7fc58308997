import type { EntityManager } from 'typeorm';
import { randomId } from '../../common/ids';
import { SeatActEntity } from '../entities/seat-act.entity';
import type { SeatActKind } from '../../contract/operate/seats';
import type { OperatorAct } from '../seats/seat-request';

/**
 * Writes down what an operator did to a term as a whole, or to one student in it, in the transaction that does it.
 *
 * @param doneAt ms since the Unix epoch, by the database's clock
 */
export async function recordTermAct(
  manager: EntityManager,
  act: SeatActKind,
  of: { termId: string; studentId?: string; doneAt: number; details?: object },
  { operator, note }: OperatorAct,
): Promise<void> {
  const { termId, studentId = null, doneAt, details = {} } = of;
  const row = { id: randomId(), termId, sectionId: null, studentId, act, operator, note, doneAt };
  await manager.insert(SeatActEntity, { ...row, details: JSON.stringify(details) });
}
