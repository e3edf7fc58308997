import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EnrolmentWindow, EnrolmentWindows } from '../../contract/policy';
import { PollingLoop } from '../../common/polling-loop';
import { failure } from '../../common/text';
import { Database } from '../../database/database';
import { classYearOf } from '../../identity/class-year';
import { TermEntity } from '../entities/term.entity';
import { windowOf } from '../seats/rules';
import { readPolicy } from '../seats/seat-policy';

/** How often a pod looks for windows that were changed, ms. */
const LOOK_MS = 1_000;

/**
 * The windows of all terms in memory, so that the door can ask for each student. A change is known here before the
 * operator is answered, and on the other pods within a second.
 */
@Injectable()
export class TermWindows implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Windows');
  private readonly looking = new PollingLoop(
    () => this.look(),
    () => LOOK_MS,
  );
  private terms: ReadonlyMap<string, EnrolmentWindows> = new Map();
  private away = false;

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.looking.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.looking.stop();
  }

  windowOf(termId: string, classYear: string | undefined): EnrolmentWindow {
    return windowOf(this.terms.get(termId) ?? {}, classYearOf(classYear));
  }

  /** Takes over what the database says now; what it said last holds while that is away. */
  async look(): Promise<void> {
    try {
      const rows = await this.database.read((manager) =>
        manager.find(TermEntity, { select: { id: true, policy: true } }),
      );
      this.terms = new Map(rows.map(({ id, policy }) => [id, readPolicy(policy).windows ?? {}]));
      this.away = false;
    } catch (error) {
      if (!this.away) this.logger.warn({ code: 'windows_stale', ...failure(error) }, 'Windows are looked for later');
      this.away = true;
    }
  }
}
