import type { Database } from '../database/database';

/** How long an answer is kept for a student who asks again with the same key, ms: a week. */
export const ANSWER_LIFE_MS = 7 * 24 * 3_600_000;

/** Few at a time, so that no row stays locked for long. */
const ROWS_AT_A_TIME = 1_000;

/**
 * Forgets answers that are older than a week. Several pods may do it at once.
 *
 * @returns how many
 * @throws DomainError `database_unavailable`
 */
export async function purgeSeatRequests(database: Database): Promise<number> {
  let purged = 0;
  for (;;) {
    const count = await database.write(async (manager) => {
      const before = (await database.now(manager)) - ANSWER_LIFE_MS;
      const rows = await manager.query<{ student_id: string; request_key: string }[]>(
        `SELECT student_id, request_key FROM seat_request WHERE answered_at < ? ORDER BY answered_at
         LIMIT ${ROWS_AT_A_TIME}${database.kind === 'mysql' ? ' FOR UPDATE SKIP LOCKED' : ''}`,
        [before],
      );
      if (rows.length === 0) return 0;
      await manager.query(
        `DELETE FROM seat_request WHERE ${rows.map(() => '(student_id = ? AND request_key = ?)').join(' OR ')}`,
        rows.flatMap((row) => [row.student_id, row.request_key]),
      );
      return rows.length;
    });
    purged += count;
    if (count < ROWS_AT_A_TIME) return purged;
  }
}
