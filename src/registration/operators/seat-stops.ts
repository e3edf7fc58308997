import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PollingLoop } from '../../common/polling-loop';
import { failure } from '../../common/text';
import { type Listener, Topic, type Unsubscribe } from '../../common/topic';
import { Database } from '../../database/database';
import { SeatStopEntity } from '../entities/seat-stop.entity';
import { SectionEntity } from '../entities/section.entity';
import type { OperatorAct } from '../seats/seat-request';
import { assertNotArchived, findTerm } from '../entities/term-row';
import { recordTermAct } from './term-acts';

/** How often a pod looks for what another one's operator has stopped or started; students hear of it so soon, ms. */
const REFRESH_MS = 1_000;

export interface SeatStop {
  termId: string;
  /** Why, in the operator's words. */
  reason: string;
  operator: string;
  /** Since when, ms since the Unix epoch by the database's clock. */
  stoppedAt: number;
}

/**
 * The terms whose seats stand still: truth in the database, which every batch of a ledger reads under its locks; the copy
 * here is for telling students.
 */
@Injectable()
export class SeatStops implements OnApplicationBootstrap {
  private readonly logger = new Logger('SeatStops');
  private readonly changes = new Topic<[readonly SeatStop[]]>('SeatStops');
  private readonly refreshing = new PollingLoop(
    (signal) => this.keepFresh(signal),
    () => REFRESH_MS,
  );
  private known: readonly SeatStop[] = [];

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.refreshing.start();
  }

  async close(): Promise<void> {
    await this.refreshing.stop();
  }

  /** Calls `listener` with all stops whenever they have changed. */
  onChanged(listener: Listener<[readonly SeatStop[]]>): Unsubscribe {
    return this.changes.subscribe(listener);
  }

  /** As this pod knows them: up to a second old. */
  all(): readonly SeatStop[] {
    return this.known;
  }

  /** The stop of a term as it is now. @throws DomainError `not_found`, `database_unavailable` */
  of(termId: string): Promise<SeatStop | undefined> {
    return this.database.read(async (manager) => {
      await findTerm(manager, termId);
      return (await manager.findOneBy(SeatStopEntity, { termId })) ?? undefined;
    });
  }

  /**
   * Stops every change of the term's seats by students and by the waitlists, on all pods; operators can still act. When
   * it resolves, what was under way is over, too. A term that is stopped gets the new reason.
   *
   * @throws DomainError `not_found`, `conflict` when it is archived, `database_unavailable`
   */
  async stop(termId: string, { operator, note: reason }: OperatorAct): Promise<void> {
    await this.database.write(async (manager) => {
      assertNotArchived(await findTerm(manager, termId));
      const stoppedAt = await this.database.now(manager);
      await manager
        .createQueryBuilder()
        .insert()
        .into(SeatStopEntity)
        .values({ termId, reason, operator, stoppedAt })
        .orUpdate(['reason', 'operator'], ['term_id'])
        .updateEntity(false)
        .execute();
      await recordTermAct(manager, 'stop', { termId, doneAt: stoppedAt }, { operator, note: reason });
    });
    this.logger.warn({ code: 'seats_stopped', term: termId, operator, reason }, 'The seats of a term were stopped');
    await this.awaitThoseUnderWay(termId);
    await this.refresh();
  }

  /**
   * Lets the term's seats change again. Offers that were open when it stopped stay open longer by the time it took.
   *
   * @throws DomainError `not_found`, `conflict` when it is archived, `database_unavailable`
   */
  async start(termId: string, { operator, note: words }: OperatorAct): Promise<void> {
    const wasStopped = await this.database.write(async (manager) => {
      assertNotArchived(await findTerm(manager, termId));
      const query = manager.createQueryBuilder(SeatStopEntity, 'stop').where({ termId });
      const stop = await (this.database.kind === 'mysql' ? query.setLock('pessimistic_write') : query).getOne();
      if (!stop) return false;
      const now = await this.database.now(manager);
      await this.lockSections(manager, termId);
      await extendOffers(manager, stop, now - stop.stoppedAt);
      await manager.delete(SeatStopEntity, { termId });
      await recordTermAct(manager, 'start', { termId, doneAt: now }, { operator, note: words });
      return true;
    });
    if (wasStopped)
      this.logger.log({ code: 'seats_started', term: termId, operator }, 'The seats of a term were started');
    await this.refresh();
  }

  /** Reads all stops, and tells the listeners when they are others. */
  async refresh(): Promise<void> {
    const stops = await this.database.read((manager) => manager.find(SeatStopEntity, { order: { termId: 'ASC' } }));
    const changed = JSON.stringify(stops) !== JSON.stringify(this.known);
    this.known = stops;
    if (changed) this.changes.publish(stops);
  }

  /** A batch that did not see what keeps the seats still holds the rows of its sections until it is over. */
  async awaitThoseUnderWay(termId: string): Promise<void> {
    try {
      await this.database.write((manager) => this.lockSections(manager, termId));
    } catch (error) {
      const fields = { code: 'stop_not_awaited', term: termId, ...failure(error) };
      this.logger.warn(fields, 'No seat changes any more; what was under way may still end');
    }
  }

  private async lockSections(manager: EntityManager, termId: string): Promise<void> {
    if (this.database.kind !== 'mysql') return;
    await manager
      .createQueryBuilder(SectionEntity, 'section')
      .select('section.id')
      .where({ termId })
      .orderBy('section.id')
      // In the order of the ids, as the ledger does.
      .useIndex('PRIMARY')
      .setLock('pessimistic_write')
      .getRawMany();
  }

  private async keepFresh(signal: AbortSignal): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      // Said by whoever needs the database; students keep what they were told.
      if (!signal.aborted) this.logger.debug({ code: 'stops_stale', ...failure(error) }, 'Stops cannot be read');
    }
  }
}

async function extendOffers(manager: EntityManager, { termId, stoppedAt }: SeatStop, byMs: number): Promise<void> {
  await manager.query(
    `UPDATE waitlist_entry SET offer_expires_at = offer_expires_at + ?
     WHERE term_id = ? AND state = 'offered' AND offer_expires_at > ?`,
    [byMs, termId, stoppedAt],
  );
  await manager.query(
    `UPDATE seat_hold SET due_at = due_at + ? WHERE term_id = ? AND reason = 'offer' AND due_at > ?`,
    [byMs, termId, stoppedAt],
  );
}
