import type { EntityManager } from 'typeorm';
import { RoomEntity, RoomVersionEntity } from './room.entity';
import type { Room } from './room';

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

/** Writes a room and the record of its version. @param at ms, by the database's clock */
export async function saveRoom(manager: EntityManager, room: Room, by: string, at: number): Promise<void> {
  const { ratePerSecond, site, ...columns } = room;
  const row = {
    ...columns,
    ...{ site: Number(site), ratePer1000Seconds: Math.round(ratePerSecond * 1_000), updatedAt: at, updatedBy: by },
  };
  if (room.version === 1) await manager.insert(RoomEntity, row);
  else await manager.update(RoomEntity, { id: room.id }, row);
  await manager.insert(RoomVersionEntity, {
    roomId: room.id,
    version: room.version,
    changedAt: at,
    changedBy: by,
    room: JSON.stringify(room),
  });
}

function toRoom({ site, ratePer1000Seconds, updatedAt: _at, updatedBy: _by, ...columns }: RoomEntity): Room {
  return { ...columns, site: site === 1, ratePerSecond: ratePer1000Seconds / 1_000 };
}
