import type { Room } from '../room/room';
import type { LineSettings } from './line-store';

/** The part of a room that its line obeys. */
export function lineSettings(room: Room): LineSettings {
  const { version, control, opensAt, ratePerSecond, capacity, leaseMs, graceMs, noShowMs } = room;
  return {
    version,
    control,
    opensAt,
    ratePerSecond,
    capacity,
    leaseMs,
    graceMs,
    noShowMs,
    graceBeforeOpening: room.graceBeforeOpening,
    lottery: room.lotterySeed !== '',
  };
}
