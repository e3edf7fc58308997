import { setTimeout as pause } from 'node:timers/promises';
import { endsWithin } from '../../../src/common/deadline';
import { hasCommit } from '../../support/commit-packet';
import type { Tap, Verdict } from './store-proxy';

const START_PACKET = 'START TRANSACTION';
/** A transaction that says this has changed who has a seat. */
const SEATS = /(?:INSERT INTO|DELETE FROM|REPLACE INTO|INSERT IGNORE INTO)\s+`?enrolment`?/i;

/** How long a COMMIT that was passed on may take to be done, ms: only then is its answer lost and not the COMMIT. */
const DONE_MS = 60;

/** The COMMIT is lost; it is passed on, and reported at once; it is passed on, and reported once it is done. */
export type CommitMoment = 'before' | 'during' | 'after';

/** Nobody hears that a COMMIT was done. */
const VERDICTS: Record<CommitMoment, Verdict> = { before: 'lose', during: 'mute', after: 'mute' };

/** Waits, between a pod and its database, for the COMMIT of a transaction that grants or takes back seats. */
export class CommitWatch {
  private hit!: () => void;
  private readonly first = new Promise<void>((resolve) => (this.hit = resolve));
  private isCaught = false;

  constructor(private readonly moment: CommitMoment) {}

  /** For one connection. */
  tap(): Tap {
    let grantsSeats = false;
    return (data) => {
      if (data.includes(START_PACKET)) grantsSeats = false;
      if (SEATS.test(data.toString('latin1'))) grantsSeats = true;
      if (!grantsSeats || this.isCaught || !hasCommit(data)) return 'pass';
      return this.catch();
    };
  }

  /** Whether such a COMMIT came within `patienceMs`. */
  async caught(patienceMs: number): Promise<boolean> {
    const caught = await endsWithin(this.first, patienceMs);
    if (caught && this.moment === 'after') await pause(DONE_MS);
    return caught;
  }

  private catch(): Verdict {
    this.isCaught = true;
    this.hit();
    return VERDICTS[this.moment];
  }
}
