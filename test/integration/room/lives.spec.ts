import type { EntityManager, QueryRunner } from 'typeorm';
import { NameRoomLives1764000001100 } from '../../../src/database/migrations/1764000001100-name-room-lives';
import { RoomEntity, RoomVersionEntity } from '../../../src/room/room.entity';
import { deleteRoom, firstVersion, insertRoom, readRooms, updateRoom } from '../../../src/room/room-table';
import type { Room } from '../../../src/room/room';
import { type Home, makeHome, schemaDifferences, TESTED_DATABASES } from '../database/support';

const ENTITIES = [RoomEntity, RoomVersionEntity];
const MIGRATION = new NameRoomLives1764000001100();

/** A room as a pod writes it that knows of no lives. */
async function insertUnnamed(manager: EntityManager, id: string, ...changedAt: number[]): Promise<void> {
  const settings = { term_id: 't', name: id, version: 1, control: 'auto', opens_at: 0, rate_per_1000_seconds: 0 };
  const times = { capacity: 1, lease_ms: 1, grace_ms: 1, no_show_ms: 1, notice: '', updated_at: 9, updated_by: 'kim' };
  const row = { id, ...settings, ...times };
  const marks = Object.keys(row).map(() => '?');
  await manager.query(`INSERT INTO room (${Object.keys(row).join()}) VALUES (${marks.join()})`, Object.values(row));
  for (const [index, at] of changedAt.entries()) {
    const version = { roomId: id, version: index + 1, changedAt: at, changedBy: 'kim', room: '{}' };
    await manager.insert(RoomVersionEntity, version);
  }
}

describe.each(TESTED_DATABASES)('the lives of rooms on %s', (kind) => {
  let home: Home;
  beforeAll(async () => {
    home = await makeHome(kind);
  });
  afterAll(() => home.remove());

  it('get their names when the service is upgraded, and the time of the first version; twice changes nothing', async () => {
    const database = await home.open(ENTITIES);
    await database.migrate();
    const alter = (work: (runner: QueryRunner) => Promise<void>) =>
      database.write(async (manager) => work(manager.queryRunner!));
    await alter((runner) => MIGRATION.down(runner));
    await database.write((manager) => insertUnnamed(manager, 'fall', 1_000, 2_000));
    await database.write((manager) => insertUnnamed(manager, 'spring', 3_000));
    await alter((runner) => MIGRATION.up(runner));
    const rooms = await database.read((manager) => readRooms(manager));
    expect(rooms.map(({ id, createdAt }) => [id, createdAt])).toEqual([
      ['fall', 1_000],
      ['spring', 3_000],
    ]);
    const lives = (some: Room[]): string[] => some.map(({ nonce }) => nonce);
    expect(new Set(lives(rooms)).size).toBe(2);
    expect(lives(rooms)).not.toContain('');
    await alter((runner) => MIGRATION.up(runner));
    expect(lives(await database.read((manager) => readRooms(manager)))).toEqual(lives(rooms));
    expect(await schemaDifferences(database, ENTITIES)).toEqual([]);
  });

  it('follow each other under one id, and all that was done to them stays on record', async () => {
    const database = await home.open(ENTITIES);
    await database.migrate();
    const settings = { termId: 't', site: false, name: 'Winter', control: 'auto' as const, opensAt: 0, notice: '' };
    const outflow = {
      ratePerSecond: 1,
      capacity: 1,
      leaseMs: 1,
      graceMs: 1,
      noShowMs: 1,
      graceBeforeOpening: false,
      lotterySeed: '',
    };
    const room: Room = { id: 'winter', nonce: 'one', createdAt: 1, archivedAt: 0, version: 1, ...settings, ...outflow };
    const by = 'kim';
    const insert = (nonce: string, at: number) =>
      database.write(async (manager) => {
        const version = await firstVersion(manager, room.id);
        await insertRoom(manager, { ...room, nonce, version }, { by, at });
      });
    await insert('one', 1);
    const archived = { ...room, nonce: 'one', version: 2, archivedAt: 2 };
    await database.write((manager) => updateRoom(manager, archived, { by, at: 2, note: 'over' }));
    await database.write((manager) => deleteRoom(manager, archived, { by: 'lee', at: 3, note: 'rehearsal' }));
    await insert('two', 4);
    const [now] = await database.read((manager) => readRooms(manager, room.id));
    expect(now).toMatchObject({ nonce: 'two', version: 4 });
    const versions = await database.read((manager) => manager.findBy(RoomVersionEntity, { roomId: room.id }));
    const told = versions.map(({ changedBy, room: text }) => {
      const { nonce, note, deleted } = JSON.parse(text) as Record<string, unknown>;
      return [changedBy, nonce, note, deleted];
    });
    expect(told).toEqual([
      ['kim', 'one', undefined, undefined],
      ['kim', 'one', 'over', undefined],
      ['lee', 'one', 'rehearsal', true],
      ['kim', 'two', undefined, undefined],
    ]);
  });
});
