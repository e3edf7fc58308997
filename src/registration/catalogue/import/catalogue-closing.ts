import type { EntityManager } from 'typeorm';
import { pairsIn } from '../../../database/bulk';
import { type SectionRef, sectionPairs } from '../../seats/section-ref';
import type { EnrolmentChange, SeatNotice } from '../../seats/seat-news';

/** Whom it concerns that sections were closed, and how they are told. */
export interface Closing {
  notices: SeatNotice[];
  changes: EnrolmentChange[];
}

/**
 * What becomes of sections whose capacity has just been set to 0, under their locks, as when an operator does it through
 * the ledger: waits and offers end, held seats are nobody's, and those enrolled keep theirs.
 *
 * @param now ms since the Unix epoch, by the database's clock
 */
export async function closeSections(
  manager: EntityManager,
  sections: readonly SectionRef[],
  now: number,
): Promise<Closing> {
  if (sections.length === 0) return { notices: [], changes: [] };
  const { sql, values } = pairsIn(manager, ['term_id', 'section_id'], sectionPairs(sections));
  const select = 'SELECT term_id AS termId, section_id AS sectionId, student_id AS studentId';
  type Row = SectionRef & { studentId: string };
  const waited = await manager.query<Row[]>(`${select} FROM waitlist_entry WHERE ${sql} AND open = 1`, values);
  const enrolled = await manager.query<Row[]>(`${select} FROM enrolment WHERE ${sql}`, values);
  await manager.query(
    `UPDATE waitlist_entry SET state = 'closed', open = NULL, ended_at = ? WHERE ${sql} AND open = 1`,
    [now, ...values],
  );
  await manager.query(`DELETE FROM seat_hold WHERE ${sql}`, values);
  const own = pairsIn(manager, ['term_id', 'id'], sectionPairs(sections));
  await manager.query(`UPDATE section SET overrides = taken, held = 0, waiting = 0 WHERE ${own.sql}`, own.values);
  const notice = (row: Row, kind: SeatNotice['kind']): SeatNotice => ({ ...row, kind, details: {} });
  return {
    notices: [
      ...waited.map((row) => notice(row, 'waitlist_closed')),
      ...enrolled.map((row) => notice(row, 'section_closed')),
    ],
    changes: waited.map(({ studentId, sectionId }) => ({
      ...{ studentId, sectionId, state: 'none', by: 'operator', closed: true },
    })),
  };
}
