import type { Config } from '../config/config';
import type { Database } from '../database/database';
import type { KnownTerms } from './known-terms';
import type { RoomEntity } from './room.entity';
import { RoomService } from './room.service';

const ROW = { id: 'fall', version: 1, archivedAt: 0, nonce: 'life', control: 'closed' } as RoomEntity;

describe('a room that is archived while a pod reads the rooms', () => {
  it('is not followed again by what was read before', async () => {
    const query = {
      ...{ orderBy: () => query, where: () => query, andWhere: () => query, setLock: () => query },
      getMany: () => Promise.resolve([ROW]),
    };
    const manager = {
      createQueryBuilder: () => query,
      update: () => Promise.resolve(),
      insert: () => Promise.resolve(),
    };
    const read = jest.fn((work: (manager: unknown) => unknown) => work(manager));
    const database = { kind: 'sqlite', read, write: read, now: () => Promise.resolve(1_000) };
    const rooms = new RoomService(database as unknown as Database, {} as Config, {} as KnownTerms);
    await rooms.refresh();
    expect(rooms.list()).toHaveLength(1);
    await rooms.archive('fall', 'tester', 'over');
    expect(rooms.list()).toEqual([]);
    await rooms.refresh();
    expect(rooms.list()).toEqual([]);
  });
});
