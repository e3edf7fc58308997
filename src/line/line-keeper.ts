import type { Room } from '../room/room';
import type { LineRef } from './line-store';

/**
 * Knows which life of a room's line is the current one, and brings it back after a loss. The line only asks; the trail,
 * one floor up, answers, for it holds what a lost line is rebuilt from.
 */
export abstract class LineKeeper {
  /**
   * The current line of a room, held by the store and ready: made when it is new, rebuilt as a new epoch when the store
   * lost it.
   *
   * @throws DomainError `line_unavailable` or `database_unavailable`: try again
   */
  abstract ensure(room: Room): Promise<LineRef>;
}
