import { Logger } from '@nestjs/common';
import { jittered } from '../common/clock';
import { PollingLoop } from '../common/polling-loop';
import { failure } from '../common/text';
import type { Database } from '../database/database';
import { purge } from '../database/purge';

/** Mean time between two looks for old mails; every pod does it, ms. */
const INTERVAL_MS = 3_600_000;

/**
 * Forgets mails that were sent long ago, with what they say of students. What is not sent stays until it is. Any number
 * of pods may run it.
 */
export class OutboxPurge {
  private readonly logger = new Logger('Outbox');
  private readonly purging = new PollingLoop(
    (signal) => this.purge(signal),
    () => jittered(INTERVAL_MS),
  );

  /** @param keptMs how long a mail is kept after it was sent, ms */
  constructor(
    private readonly database: Database,
    private readonly keptMs: number,
  ) {}

  start(): void {
    this.purging.start();
  }

  async stop(): Promise<void> {
    await this.purging.stop();
  }

  /**
   * One look for old mails.
   *
   * @param signal ends it early
   * @returns how many were forgotten
   * @throws DomainError `database_unavailable`
   */
  once(signal?: AbortSignal): Promise<number> {
    const what = {
      table: 'outbox',
      key: ['id'],
      // A mail's next time is at most a lease after it was claimed, and the only time with an index.
      old: "state = 'sent' AND next_at < :before AND sent_at < :before",
      orderBy: 'next_at',
      keptMs: this.keptMs,
    } as const;
    return purge(this.database, what, signal);
  }

  private async purge(signal: AbortSignal): Promise<void> {
    try {
      const mails = await this.once(signal);
      if (mails > 0) this.logger.log({ code: 'mails_forgotten', mails }, 'Mails that were sent long ago are forgotten');
    } catch (error) {
      if (signal.aborted) return;
      this.logger.warn({ code: 'purge_deferred', ...failure(error) }, 'Old mails wait for the next look');
    }
  }
}
