import type { EntityManager } from 'typeorm';
import type { Database } from '../../database/database';
import { SeatHoldEntity } from '../entities/seat-hold.entity';
import { distinctSections, type SectionRef } from '../seats/section-ref';

/** How long the sweep of one pod has for what it has claimed, ms; then another may. */
const LEASE_MS = 15_000;

/**
 * Finds held seats whose time has come: offers that ended, releases that are due, promotions that their own ledger never
 * got to. A claim is a lease in a short transaction of its own; of several pods each gets other seats.
 */
export class HoldClaims {
  constructor(private readonly database: Database) {}

  /**
   * @param limit most holds to claim
   * @returns the sections with held seats that somebody has to look after
   * @throws DomainError `database_unavailable`
   */
  claim(limit: number): Promise<SectionRef[]> {
    return this.database.write(async (manager) => {
      const now = await this.database.now(manager);
      const stopped = await termsStandingStill(manager);
      const query = manager
        .createQueryBuilder(SeatHoldEntity, 'hold')
        .select(['hold.id', 'hold.termId', 'hold.sectionId'])
        .where('hold.dueAt <= :now AND hold.claimedUntil <= :now', { now })
        // In the order of the index: with a sort, all that are due would be locked, and nothing left to other pods.
        .useIndex('seat_hold_by_time')
        .orderBy('hold.dueAt')
        .limit(limit);
      // Theirs wait, and nobody's offer ends, until seats may change again.
      if (stopped.length > 0) {
        query.andWhere('hold.termId NOT IN (:...stopped)', { stopped });
      }
      if (this.database.kind === 'mysql') query.setLock('pessimistic_write').setOnLocked('skip_locked');
      const holds = await query.getMany();
      if (holds.length === 0) return [];
      await manager
        .createQueryBuilder()
        .update(SeatHoldEntity)
        .set({ claimedUntil: now + LEASE_MS })
        .where('id IN (:...ids)', { ids: holds.map(({ id }) => id) })
        .execute();
      return distinctSections(holds.map(({ termId, sectionId }) => ({ termId, sectionId })));
    });
  }
}

async function termsStandingStill(manager: EntityManager): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    'SELECT term_id AS id FROM seat_stop UNION SELECT id FROM term WHERE archived_at > 0',
  );
  return rows.map(({ id }) => id);
}
