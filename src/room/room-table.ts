import type { EntityManager } from 'typeorm';
import { RoomEntity, RoomVersionEntity } from './room.entity';
import type { Room } from './room';

/** Who changed a room, and when. */
export interface RoomChange {
  by: string;
  /** ms, by the database's clock. */
  at: number;
  /** Why, where a reason is asked for. */
  note?: string;
}

/** The rooms in the database, by id; with `lock`, locked against other writers until the transaction ends. */
export async function readRooms(
  manager: EntityManager,
  roomId?: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<Room[]> {
  const query = manager.createQueryBuilder(RoomEntity, 'room').orderBy('room.id');
  if (roomId !== undefined) query.where('room.id = :roomId', { roomId });
  if (lock) query.setLock('pessimistic_write');
  return (await query.getMany()).map(toRoom);
}

/**
 * The version with which a new room begins: after those of an earlier one with the same id, whose record is kept, and so
 * that no pod takes it for an older version of that one.
 */
export async function firstVersion(manager: EntityManager, roomId: string): Promise<number> {
  return ((await manager.maximum(RoomVersionEntity, 'version', { roomId })) ?? 0) + 1;
}

/** Writes a new room, and the record of it. */
export async function insertRoom(manager: EntityManager, room: Room, change: RoomChange): Promise<void> {
  await manager.insert(RoomEntity, toRow(room, change));
  await recordVersion(manager, room, change);
}

/** Writes the next version of a room, and the record of it. */
export async function updateRoom(manager: EntityManager, room: Room, change: RoomChange): Promise<void> {
  await manager.update(RoomEntity, { id: room.id }, toRow(room, change));
  await recordVersion(manager, room, change);
}

/** Deletes a room; the records of its versions stay, with one that says who deleted it. */
export async function deleteRoom(manager: EntityManager, room: Room, change: RoomChange): Promise<void> {
  await manager.delete(RoomEntity, { id: room.id });
  await recordVersion(manager, { ...room, version: room.version + 1 }, change, { deleted: true });
}

async function recordVersion(
  manager: EntityManager,
  room: Room,
  { by, at, note }: RoomChange,
  more: object = {},
): Promise<void> {
  await manager.insert(RoomVersionEntity, {
    roomId: room.id,
    version: room.version,
    changedAt: at,
    changedBy: by,
    room: JSON.stringify({ ...room, ...more, note }),
  });
}

function toRow({ ratePerSecond, site, graceBeforeOpening, ...columns }: Room, { by, at }: RoomChange) {
  const ratePer1000Seconds = Math.round(ratePerSecond * 1_000);
  const flags = { site: Number(site), graceBeforeOpening: Number(graceBeforeOpening) };
  return { ...columns, ...flags, ratePer1000Seconds, updatedAt: at, updatedBy: by };
}

function toRoom({ updatedAt: _at, updatedBy: _by, ...row }: RoomEntity): Room {
  const { site, graceBeforeOpening, ratePer1000Seconds, ...columns } = row;
  const flags = { site: site === 1, graceBeforeOpening: graceBeforeOpening === 1 };
  return { ...columns, ...flags, ratePerSecond: ratePer1000Seconds / 1_000 };
}
