import type { RoomControl } from '../contract/operate/rooms';
import type { RoomStateName } from '../contract/rooms';

/**
 * What a room is at one moment, derived from the operator's control, the schedule and the line's health.
 *
 * | state | join | admit |
 * | --- | --- | --- |
 * | scheduled | yes | no |
 * | open | yes | yes |
 * | paused | yes | no |
 * | recovering | yes, at the tail | no |
 * | draining | no | yes, from the opening on |
 * | closed | no | no; everyone's ticket ends |
 */
export type RoomState = RoomStateName;

export interface RoomStateInput {
  control: RoomControl;
  /** When the room opens, ms since the Unix epoch by the line store's clock. */
  opensAt: number;
  /** Until when a lost line is being rebuilt, ms; 0 when it is not. */
  recoveringUntil: number;
}

/** The state of a room at `now` (ms, by the line store's clock). */
export function roomStateAt(room: RoomStateInput, now: number): RoomState {
  if (room.control === 'closed') return 'closed';
  if (now < room.recoveringUntil) return 'recovering';
  if (room.control !== 'auto') return room.control;
  return now < room.opensAt ? 'scheduled' : 'open';
}

/** Whether the line moves by itself in this state, once the room has opened. */
export const moves = (state: RoomState): boolean => state === 'open' || state === 'draining';

/** Whether the line moves by itself at `now`: also a room that drains lets nobody in before its opening. */
export function letsIn(room: RoomStateInput, now: number): boolean {
  const state = roomStateAt(room, now);
  return state === 'open' || (state === 'draining' && now >= room.opensAt);
}
