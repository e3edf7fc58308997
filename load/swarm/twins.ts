import { FRONT, reckon, type Reckoning } from '../../src/common/reckoning';
import type { LinePositionMessage, LineTicketMessage } from '../../src/contract/line';
import type { Tally } from './tally';

/**
 * Two clients of one student: a plain one, which is told the exact position each second, and one that extrapolates. What the
 * one is told says how far off the number is that the other shows.
 */
export class Twins {
  /** What the extrapolating one was told last, and before that. */
  private told?: Reckoning;
  private before?: Reckoning;
  private shown = Number.POSITIVE_INFINITY;

  constructor(private readonly tally: Tally) {}

  /** The extrapolating one has its place. @param now ms */
  takeTicket({ position, pace = 0 }: Pick<LineTicketMessage, 'position' | 'pace'>, now: number): void {
    if (position > 0) this.told = { position, at: now, pace };
  }

  /** The extrapolating one is told. */
  tell({ position, at, pace = 0 }: Pick<LinePositionMessage, 'position' | 'at' | 'pace'>): void {
    this.before = this.told;
    this.told = { position, at, pace };
    if (position > FRONT) this.tally.counts.toldSeldom += 1;
  }

  /** The plain one is told: what did the other show at that moment, before it was told anything of it? */
  compare({ position, at }: Pick<LinePositionMessage, 'position' | 'at'>): void {
    const { worstError, counts } = this.tally;
    if (position > FRONT) counts.toldEachSecond += 1;
    const inForce = this.told && this.told.at < at ? this.told : this.before;
    if (!inForce || inForce.at >= at) return;
    this.shown = Math.min(this.shown, reckon(inForce, at));
    const error = Math.abs(this.shown - position);
    if (position <= FRONT) worstError.front = Math.max(worstError.front, error);
    else worstError.behindShare = Math.max(worstError.behindShare, error / position);
  }
}
