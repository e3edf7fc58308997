import type { Database } from '../../../src/database/database';
import { openDatabase } from '../../../src/database/open-database';
import { type Replication, startReplication } from '../../support/replication';
import { withDatabase } from '../../../load/servers/sql-server';
import { waitFor } from '../../../load/support/wait-for';

const LAG_MS = 1_000;

describe.each(['mysql', 'mariadb'] as const)('a read replica of %s', (maker) => {
  let world: Replication;
  let database: Database;

  beforeAll(async () => {
    world = await startReplication(maker);
    // All that a replica's user needs; the account comes with the replication.
    const name = new URL(world.primary.url).pathname.slice(1);
    await withDatabase(world.primary.adminUrl, async (admin) => {
      await admin.query("CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY 'reader'");
      await admin.query(`GRANT SELECT ON ${name}.* TO 'reader'@'127.0.0.1'`);
    });
    await world.caughtUp();
    const replicaUrls = [world.replicaUrl.replace('sunbeon:sunbeon@', 'reader:reader@')];
    database = await openDatabase({ url: world.primary.url, entities: [], replicaUrls, replicaLagMs: LAG_MS });
    await database.migrate();
  });

  afterAll(async () => {
    await database.close();
    await world.stop();
  });

  const asked = async (): Promise<number> => {
    const ask = database.read((manager) => manager.query<{ port: number }[]>('SELECT @@port AS port'), {
      from: 'replica',
    });
    return Number((await ask)[0]?.port);
  };
  const untilAsked = (port: number): Promise<unknown> =>
    waitFor(async () => (await asked()) === port, { what: `port ${port} to be asked`, timeoutMs: 180_000 });

  it.each([
    ['does not apply changes', 'SQL_THREAD'],
    ['does not fetch changes', 'IO_THREAD'],
  ])('that %s any more is not asked, until it has caught up', async (_, thread) => {
    await untilAsked(world.replica.port);
    await world.onReplica(`STOP REPLICA ${thread}`);
    await untilAsked(world.primary.port);
    await world.onReplica(`START REPLICA ${thread}`);
    await untilAsked(world.replica.port);
  });
});
