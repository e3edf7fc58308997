import type { Database } from '../../database/database';
import { purge } from '../../database/purge';

/** How long an answer is kept for a student who asks again with the same key, ms: a week. */
export const ANSWER_LIFE_MS = 7 * 24 * 3_600_000;

/**
 * Forgets answers that are older than a week. Several pods may do it at once.
 *
 * @returns how many
 * @throws DomainError `database_unavailable`
 */
export function purgeSeatRequests(database: Database): Promise<number> {
  return purge(database, {
    table: 'seat_request',
    key: ['student_id', 'request_key'],
    old: 'answered_at < :before',
    orderBy: 'answered_at',
    keptMs: ANSWER_LIFE_MS,
  });
}
