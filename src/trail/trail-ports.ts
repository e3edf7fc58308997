import type { EntityManager } from 'typeorm';
import type { LineEvent, LineRef } from '../line/line-store';

/**
 * Port: admissions that have ended for good though the trail does not say so yet. An end is written where seat commits
 * look first, and reaches the line and its trail afterwards; a line that is lost in between must not forget it.
 */
export abstract class EndedAdmissions {
  /** Which of the ticket numbers had an admission that has ended. */
  abstract endedAmong(manager: EntityManager, roomId: string, numbers: readonly number[]): Promise<Set<number>>;
}

export const TRAIL_PROJECTIONS = Symbol('TRAIL_PROJECTIONS');

/**
 * Keeps another table in step with the trail, inside the transaction that writes it. Events may be given more than once
 * and by several pods at the same time, so applying them again must change nothing.
 */
export interface TrailProjection {
  apply(manager: EntityManager, line: LineRef, events: LineEvent[]): Promise<void>;
}
