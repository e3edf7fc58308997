import { type EntityManager, In } from 'typeorm';
import type { MailState, OutboxMail } from '../contract/mails';
import { randomId } from '../common/ids';
import type { Database } from '../database/database';
import { OutboxEntity, toMail } from './outbox.entity';

type Change = Partial<Pick<OutboxEntity, 'nextAt' | 'sentAt' | 'lastError'>> & { attempts?: () => string };

/**
 * Which worker sends which mail. A claim is a lease: a worker that dies leaves its mails to the others when it ends. Each
 * call is one short transaction of its own, and all times are by the database's clock.
 *
 * All calls throw DomainError `database_unavailable` when the database is away.
 */
export class OutboxClaims {
  /** One per life of a worker. */
  private readonly owner = randomId();

  /** @param leaseMs how long a claim holds */
  constructor(
    private readonly database: Database,
    private readonly leaseMs: number,
  ) {}

  /** Takes up to `limit` mails whose time has come: first those that a worker left behind, then the longest waiting. */
  claim(limit: number): Promise<OutboxMail[]> {
    return this.database.write(async (manager) => {
      const now = await this.database.now(manager);
      const left = await this.due(manager, 'claimed', now, limit);
      const waiting = left.length < limit ? await this.due(manager, 'waiting', now, limit - left.length) : [];
      const ids = [...left, ...waiting];
      if (ids.length === 0) return [];
      await manager
        .createQueryBuilder()
        .update(OutboxEntity)
        .set({
          state: 'claimed',
          claimedBy: this.owner,
          nextAt: now + this.leaseMs,
          attempts: () => 'attempts + 1',
        })
        .where('id IN (:...ids)', { ids })
        .execute();
      const rows = await manager.findBy(OutboxEntity, { id: In(ids) });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => byId.get(id) ?? []).map(toMail);
    });
  }

  /** The mail server has taken it: a fact, whoever has the lease by now. */
  sent(id: number): Promise<void> {
    return this.database.write(async (manager) => {
      const sentAt = await this.database.now(manager);
      await manager
        .createQueryBuilder()
        .update(OutboxEntity)
        .set({ state: 'sent', sentAt, claimedBy: null, lastError: null })
        .where("id = :id AND state <> 'sent'", { id })
        .execute();
    });
  }

  /** To be tried again after `pauseMs`. */
  retry(id: number, pauseMs: number, reason: string): Promise<void> {
    return this.giveBack([id], 'waiting', (now) => ({ nextAt: now + Math.round(pauseMs), lastError: reason }));
  }

  park(id: number, reason: string): Promise<void> {
    return this.giveBack([id], 'parked', () => ({ lastError: reason }));
  }

  /** Claimed and not tried: as if it had never been claimed. */
  release(ids: readonly number[]): Promise<void> {
    return this.giveBack(ids, 'waiting', (now) => ({ nextAt: now, attempts: () => 'attempts - 1' }));
  }

  /** Only what is still ours. */
  private async giveBack(ids: readonly number[], state: MailState, change: (now: number) => Change): Promise<void> {
    if (ids.length === 0) return;
    await this.database.write(async (manager) => {
      const now = await this.database.now(manager);
      await manager
        .createQueryBuilder()
        .update(OutboxEntity)
        .set({ state, claimedBy: null, ...change(now) })
        .where("id IN (:...ids) AND state = 'claimed' AND claimedBy = :owner", { ids, owner: this.owner })
        .execute();
    });
  }

  private async due(manager: EntityManager, state: MailState, now: number, limit: number): Promise<number[]> {
    const query = manager
      .createQueryBuilder(OutboxEntity, 'row')
      .select('row.id', 'id')
      .where('row.state = :state AND row.nextAt <= :now', { state, now })
      // In the order of the index: with a sort, all that wait would be locked, and nothing left to other workers.
      .useIndex('outbox_next')
      .orderBy('row.nextAt')
      .addOrderBy('row.id')
      .limit(limit);
    if (this.database.kind === 'mysql') query.setLock('pessimistic_write').setOnLocked('skip_locked');
    return (await query.getRawMany<{ id: string | number }>()).map(({ id }) => Number(id));
  }
}
