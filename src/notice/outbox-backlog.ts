import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { MailState } from '../contract/mails';
import { endsWithin } from '../common/deadline';
import { errorText } from '../common/text';
import { Database } from '../database/database';
import { OutboxEntity } from './outbox.entity';

/** What has not been sent. */
export const BACKLOG_STATES = ['waiting', 'claimed', 'parked'] as const satisfies readonly MailState[];

export interface Backlog {
  /** Mails in each state. */
  mails: Record<(typeof BACKLOG_STATES)[number], number>;
  /** How long the oldest waiting mail has been there by the database's clock, ms; 0 when none waits. */
  oldestWaitingMs: number;
}

/** The database is not asked more often than this, however many ask here, ms. */
const FRESH_MS = 5_000;
/** How long one who asks waits for a database that is slow, ms; after that the last answer has to do. */
const PATIENCE_MS = 1_000;

/** What waits in the outbox, for those who look often and must not be held up: metrics. */
@Injectable()
export class OutboxBacklog {
  private readonly logger = new Logger('Outbox');
  private latest: Backlog | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private trouble = '';

  constructor(private readonly database: Database) {}

  /**
   * The backlog of some seconds ago at most; undefined while the database cannot say. Never throws.
   *
   * @param now by a monotonic clock, ms
   */
  async read(now = performance.now()): Promise<Backlog | undefined> {
    if (!this.asking && now - this.askedAt >= FRESH_MS) {
      this.askedAt = now;
      this.asking = this.ask().finally(() => (this.asking = undefined));
    }
    if (this.asking) await endsWithin(this.asking, PATIENCE_MS);
    return this.latest;
  }

  private async ask(): Promise<void> {
    try {
      this.latest = await this.database.read(async (manager) =>
        countBacklog(manager, await this.database.now(manager)),
      );
      this.trouble = '';
    } catch (error) {
      this.latest = undefined;
      const trouble = errorText(error);
      if (trouble !== this.trouble) {
        this.logger.warn({ code: 'outbox_uncounted', reason: trouble }, 'The outbox could not be counted');
      }
      this.trouble = trouble;
    }
  }
}

/** From the index alone, but for the one row that is the oldest: ids count up with the time. */
async function countBacklog(manager: EntityManager, now: number): Promise<Backlog> {
  const rows = await manager
    .createQueryBuilder(OutboxEntity, 'row')
    .select('row.state', 'state')
    .addSelect('COUNT(*)', 'mails')
    .addSelect('MIN(row.id)', 'first')
    .where('row.state IN (:...states)', { states: BACKLOG_STATES })
    .groupBy('row.state')
    .getRawMany<{ state: MailState; mails: string | number; first: string | number }>();
  const of = (state: MailState) => rows.find((row) => row.state === state);
  const first = of('waiting')?.first;
  const oldest = first === undefined ? null : await manager.findOneBy(OutboxEntity, { id: Number(first) });
  return {
    mails: {
      waiting: Number(of('waiting')?.mails ?? 0),
      claimed: Number(of('claimed')?.mails ?? 0),
      parked: Number(of('parked')?.mails ?? 0),
    },
    oldestWaitingMs: oldest ? Math.max(0, now - oldest.createdAt) : 0,
  };
}
