import { Injectable, Logger } from '@nestjs/common';
import { jittered } from '../../common/clock';
import { PollingLoop } from '../../common/polling-loop';
import { failure } from '../../common/text';
import { Database } from '../../database/database';
import { purge } from '../../database/purge';
import { HoldClaims } from './hold-claims';
import { SeatLedger } from './seat-ledger';

/** Mean time between two looks for held seats; every pod does it, so with several it is less, ms. */
const INTERVAL_MS = 1_000;
const CLAIMS_AT_A_TIME = 100;
/** Between two looks for old answers, ms. */
const PURGE_INTERVAL_MS = 10 * 60_000;
/** How long an answer is kept for a student who asks again with the same key, ms: a week. */
export const ANSWER_LIFE_MS = 7 * 24 * 3_600_000;

/**
 * Looks after what nobody asks for: held seats whose time has come, and answers that are old enough to forget. Any number
 * of pods may run it; what one of them claimed and did not finish, another does when the claim ends.
 */
@Injectable()
export class SeatSweep {
  private readonly logger = new Logger('SeatSweep');
  private readonly claims: HoldClaims;
  private readonly sweeping = new PollingLoop(
    (signal) => this.sweep(signal),
    () => jittered(INTERVAL_MS),
  );
  /** ms by `performance.now()`. */
  private purgedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly ledger: SeatLedger,
  ) {
    this.claims = new HoldClaims(database);
  }

  start(): void {
    this.sweeping.start();
  }

  async stop(): Promise<void> {
    await this.sweeping.stop();
  }

  /**
   * One look for held seats.
   *
   * @returns how many sections were looked after
   * @throws DomainError `database_unavailable`, and as `SeatLedger.submit`
   */
  async once(): Promise<number> {
    const due = await this.claims.claim(CLAIMS_AT_A_TIME);
    await Promise.all(due.map(({ termId, sectionId }) => this.ledger.promote(termId, sectionId)));
    return due.length;
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    try {
      await this.once();
      await this.purge();
    } catch (error) {
      if (signal.aborted) return;
      this.logger.warn({ code: 'sweep_deferred', ...failure(error) }, 'Held seats wait for the next look');
    }
  }

  private async purge(): Promise<void> {
    if (performance.now() - this.purgedAt < PURGE_INTERVAL_MS) return;
    this.purgedAt = performance.now();
    await purgeSeatRequests(this.database);
  }
}

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
