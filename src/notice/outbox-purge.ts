import { Logger } from '@nestjs/common';
import { sleep } from '../common/clock';
import { errorText } from '../common/text';
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
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  /** @param keptMs how long a mail is kept after it was sent, ms */
  constructor(
    private readonly database: Database,
    private readonly keptMs: number,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * One look for old mails.
   *
   * @returns how many were forgotten
   * @throws DomainError `database_unavailable`
   */
  once(): Promise<number> {
    const what = {
      table: 'outbox',
      key: ['id'],
      // A mail's next time is at most a lease after it was claimed, and the only time with an index.
      old: "state = 'sent' AND next_at < :before AND sent_at < :before",
      orderBy: 'next_at',
      keptMs: this.keptMs,
    } as const;
    return purge(this.database, what, this.stopping.signal);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const mails = await this.once();
        if (mails > 0) this.logger.log(`${mails} mails that were sent long ago are forgotten.`);
      } catch (error) {
        if (!signal.aborted) this.logger.warn(`Old mails wait for the next look: ${errorText(error)}`);
      }
      await sleep(INTERVAL_MS * (0.5 + Math.random()), signal);
    }
  }
}
