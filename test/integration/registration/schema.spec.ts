import { StudentEntity } from '../../../src/identity/student.entity';
import { registrationEntities } from '../../../src/registration/entities';
import { type Home, makeHome, schemaDifferences, ALL_DATABASES } from '../database/support';

describe.each(ALL_DATABASES)('the tables of registration on %s', (kind) => {
  let home: Home;

  beforeAll(async () => {
    home = await makeHome(kind);
  });

  afterAll(() => home.remove());

  it('are what the entities say', async () => {
    const entities = [...registrationEntities, StudentEntity];
    const database = await home.open(entities);
    await database.migrate();
    expect(await schemaDifferences(database, entities)).toEqual([]);
  });
});
