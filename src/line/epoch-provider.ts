import type { Room } from '../room/room';
import type { FeedReport, LineRef } from './line-store';

/** A pod that asks for a line, with what it has seen of it. */
export interface LineFollower {
  /**
   * The life of the line that the pod has followed so far, when nothing speaks against it: the store alone can then say
   * whether it goes on.
   */
  readonly trusted: LineRef | undefined;
  /** What the pod has seen of that life. What it reads later, of a call that is under way, it takes for not read. */
  report(line: LineRef): FeedReport;
}

export interface HeldLine {
  ref: LineRef;
  /** As in `LineStanding`. */
  server: string;
}

/**
 * Knows which life of a room's line is the current one, and brings it back after a loss. The line only asks; the trail,
 * one floor up, answers, for it holds what a lost line is rebuilt from.
 */
export abstract class EpochProvider {
  /**
   * The current line of a room, held by the store and ready: made when it is new, rebuilt as a new epoch when the store
   * lost it, or its tail. Asks the database only when the store does not hold the life that the pod trusts.
   *
   * @throws DomainError `line_unavailable` or `database_unavailable`: try again
   */
  abstract ensure(room: Room, follower: LineFollower): Promise<HeldLine>;
}
