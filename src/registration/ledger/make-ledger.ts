import type { Database } from '../../database/database';
import type { Roster } from '../../identity/roster';
import type { AdmissionCheck, Outbox, EnrolmentEvents } from '../ports';
import type { Refusal } from '../seats/rules';
import { SeatBatch } from './seat-batch';
import { type LedgerOptions, SeatLedger } from './seat-ledger';
import { SeatStore } from './seat-store';

/** Its own ledger would have seen to a promotion within a few batches; after so long a sweep does, ms. */
const PROMOTION_PATIENCE_MS = 2_000;

export interface LedgerParts {
  database: Database;
  admissions: AdmissionCheck;
  outbox: Outbox;
  events: EnrolmentEvents;
  /** Of the hours in release policies; IANA name. */
  timeZone: string;
  roster: Roster;
  options?: Partial<LedgerOptions>;
}

/** A ledger with all its parts, as the service runs it. */
export function makeSeatLedger(parts: LedgerParts): SeatLedger {
  const { database, admissions, outbox, events, timeZone, roster, options } = parts;
  const barred = (studentId: string): Refusal | undefined => roster.refusal(studentId);
  const settings = { timeZone, promotionPatienceMs: PROMOTION_PATIENCE_MS, random: Math.random, barred };
  const batch = new SeatBatch({ store: new SeatStore(database.kind), admissions, outbox, settings });
  return new SeatLedger(database, batch, events, options);
}
