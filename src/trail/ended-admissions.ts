import type { EntityManager } from 'typeorm';

/**
 * Port: admissions that have ended for good though the trail does not say so yet. An end is written where seat commits
 * look first, and reaches the line and its trail afterwards; a line that is lost in between must not forget it.
 */
export abstract class EndedAdmissions {
  /** Which of the ticket numbers had an admission that has ended. */
  abstract endedAmong(manager: EntityManager, roomId: string, numbers: readonly number[]): Promise<Set<number>>;
}
