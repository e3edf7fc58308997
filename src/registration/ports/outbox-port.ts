import type { EntityManager } from 'typeorm';
import type { SeatNotice } from '../seats/seat-news';

/** Port: what students are told. Bound by the composition root. */
export abstract class Outbox {
  /**
   * Writes into the ledger's own transaction: told if and only if it is true.
   *
   * @param now ms since the Unix epoch, by the database's clock
   */
  abstract add(manager: EntityManager, notices: readonly SeatNotice[], now: number): Promise<void>;
}
