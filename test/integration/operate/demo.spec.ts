import { loadConfig } from '../../../src/config/load-config';
import type { Database } from '../../../src/database/database';
import { Demo } from '../../../src/operate/demo';
import { CatalogueService } from '../../../src/registration/catalogue/catalogue.service';
import { EnrolmentEvents } from '../../../src/registration/ports';
import { RoomEntity, RoomVersionEntity } from '../../../src/room/room.entity';
import { RoomService } from '../../../src/room/room.service';
import { type Home, makeHome } from '../database/support';
import { ENTITIES } from '../registration/support';

describe('what a first start comes with', () => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome('sqlite');
    database = await home.open([...ENTITIES, RoomEntity, RoomVersionEntity]);
    await database.migrate();
  });

  afterAll(() => home.remove());

  /** One start. */
  const start = async (): Promise<RoomService> => {
    const config = loadConfig({});
    const rooms = new RoomService(database, config, new CatalogueService(database, new EnrolmentEvents()));
    await rooms.refresh();
    await new Demo(database, rooms, config).ensure();
    return rooms;
  };

  it('does not come back, nor stop a start, when it was archived', async () => {
    const rooms = await start();
    expect(rooms.list().map(({ id }) => id)).toEqual(['fall-2025']);
    await rooms.change('fall-2025', { control: 'closed' }, 'kim');
    await rooms.archive('fall-2025', 'kim', 'over');
    expect((await start()).list()).toEqual([]);
    await database.write((manager) => manager.query('UPDATE term SET archived_at = 1'));
    expect((await start()).list()).toEqual([]);
  });
});
