import type { RoomControl } from '../contract/operate/rooms';

/** A room's settings, as every pod holds them. */
export interface Room {
  id: string;
  termId: string;
  /** It stands in front of another site; nobody here knows the term. */
  site: boolean;
  name: string;
  version: number;
  control: RoomControl;
  /** ms since the Unix epoch, by the line store's clock. */
  opensAt: number;
  /** Most admissions per second. */
  ratePerSecond: number;
  /** Most students inside at once. */
  capacity: number;
  /** How long an admission lasts, ms. */
  leaseMs: number;
  /** How long an away student keeps the place, ms. */
  graceMs: number;
  /** Being away costs the place also before the room has let anybody in, and while it is postponed. */
  graceBeforeOpening: boolean;
  /** How long an admission waits for its acknowledgement, ms. */
  noShowMs: number;
  /** Secret of the room's lottery until it is drawn; '' for a room without one. */
  lotterySeed: string;
  notice: string;
  /**
   * Random, made with the room: names this life of it, for another one may have had the same id. '' when a pod made it that
   * knew of no lives.
   */
  nonce: string;
  /** ms since the Unix epoch, by the database's clock; 0 when it is not known. */
  createdAt: number;
  /** ms since the Unix epoch, by the database's clock; 0 for a room that is not archived. No pod follows an archived one. */
  archivedAt: number;
}
