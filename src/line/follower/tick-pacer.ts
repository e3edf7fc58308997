import type { Room } from '../../room/room';
import { moves } from '../../room/room-state';
import type { LineEvent, TickOutcome } from '../line-store';
import type { LineReplica } from './line-replica';

/** Longest time between two ticks of a pod, ms: well below a stall, and several in each heartbeat's patience. */
const QUIET_MS = 600;

type OutflowPolicy = Pick<Room, 'ratePerSecond' | 'capacity'>;

/** What can make somebody's turn come, or an end fall due, before the next quiet tick. */
const NEWS: readonly LineEvent['type'][] = ['joined', 'back', 'ended', 'settings'];

/**
 * Says whether a tick could change anything, so that a line in which nothing can happen costs the store little: nobody
 * present, or the room full, or shut.
 */
export class TickPacer {
  private lastAt = -Infinity;
  /** Somebody may be let in, or the last tick stopped at its bound. */
  private busy = true;

  /** @param now ms of this pod's monotonic clock */
  isDue(now: number, replica: LineReplica): boolean {
    return this.busy || now - this.lastAt >= QUIET_MS || replica.now() >= replica.nextChange();
  }

  /** A tick was made. */
  made(now: number, { state, present, inside, more }: TickOutcome, { ratePerSecond, capacity }: OutflowPolicy): void {
    this.lastAt = now;
    this.busy = more || (moves(state) && present > 0 && inside < capacity && ratePerSecond > 0);
  }

  heard(events: LineEvent[]): void {
    this.busy ||= events.some(({ type }) => NEWS.includes(type));
  }
}
