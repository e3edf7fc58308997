import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Database } from '../../../src/database/database';
import { CommitUnknownError } from '../../../src/database/database-error';
import { openDatabase } from '../../../src/database/open-database';
import { createTable, integer, varchar } from '../../../src/database/table';
import { type DatabaseMaker, type DatabaseService, withDatabase } from '../../../load/servers/sql-server';
import { startDatabase } from '../../../load/servers/start-database';
import { waitFor } from '../../../load/support/wait-for';
import { CommitProxy } from './commit-proxy';

@Entity('probe')
class Probe {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'int' })
  count!: number;
}

async function makeProbes(database: Database, ...ids: string[]): Promise<void> {
  await database.write(async (manager) => {
    if (!manager.queryRunner) throw new Error('a write has no query runner');
    await createTable(manager.queryRunner, {
      name: 'probe',
      columns: [varchar('id', 40, { isPrimary: true }), integer('count')],
    });
  });
  await database.write((manager) =>
    manager.insert(
      Probe,
      ids.map((id) => ({ id, count: 0 })),
    ),
  );
}

const countOf = async (database: Database, id: string): Promise<number | undefined> =>
  (await database.read((manager) => manager.findOneBy(Probe, { id })))?.count;

const MAKERS: DatabaseMaker[] = ['mysql', 'mariadb'];

describe.each(MAKERS)('faults of %s', (maker) => {
  const entities = [Probe];
  let server: DatabaseService;
  let database: Database;

  beforeAll(async () => {
    server = await startDatabase(maker, { own: true });
    database = await openDatabase({ url: server.url, entities });
    await makeProbes(database, 'one', 'two', 'killed', 'kept');
  });

  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  it('every connection is set up for short, read-committed transactions', async () => {
    const settings = await database.read((manager) =>
      manager.query<unknown[]>(
        `SELECT ${maker === 'mysql' ? '@@transaction_isolation' : '@@tx_isolation'} AS isolation,
                ${maker === 'mysql' ? '@@wait_timeout' : '@@idle_transaction_timeout'} AS idle,
                @@innodb_lock_wait_timeout AS lockWait, @@time_zone AS zone, @@character_set_client AS charset`,
      ),
    );
    const idle = maker === 'mysql' ? '10' : '3';
    expect(settings).toEqual([
      { isolation: 'READ-COMMITTED', lockWait: '3', idle, zone: '+00:00', charset: 'utf8mb4' },
    ]);
  });

  it('lists are read while every connection of the commits is taken', async () => {
    const small = await openDatabase({ url: server.url, entities, poolSize: 2 });
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    let holding = 0;
    const hold = (): Promise<void> => small.write(() => ((holding += 1), released));
    const writes = [hold(), hold()];
    try {
      await waitFor(() => holding === 2, { what: 'both connections to be taken' });
      const listed = await small.read((manager) => manager.findOneBy(Probe, { id: 'kept' }), { from: 'replica' });
      expect(listed?.id).toBe('kept');
    } finally {
      letGo();
      await Promise.all(writes);
      await small.close();
    }
  });

  it('a deadlock runs the loser again as a whole, and both succeed', async () => {
    let attempts = 0;
    let bothHold: () => void = () => undefined;
    const bothHolding = new Promise<void>((resolve) => (bothHold = resolve));
    const both = (first: string, second: string): Promise<void> =>
      database.write(async (manager) => {
        attempts += 1;
        await manager.increment(Probe, { id: first }, 'count', 1);
        if (attempts >= 2) bothHold();
        await bothHolding;
        await manager.increment(Probe, { id: second }, 'count', 1);
      });
    await Promise.all([both('one', 'two'), both('two', 'one')]);
    expect(attempts).toBeGreaterThan(2);
    expect([await countOf(database, 'one'), await countOf(database, 'two')]).toEqual([2, 2]);
  });

  it('a connection that dies before COMMIT costs only another attempt', async () => {
    let attempts = 0;
    await database.write(async (manager) => {
      attempts += 1;
      await manager.increment(Probe, { id: 'killed' }, 'count', 1);
      if (attempts > 1) return;
      const [row] = await manager.query<{ id: string }[]>('SELECT CONNECTION_ID() AS id');
      await withDatabase(server.adminUrl, (admin) => admin.query(`KILL CONNECTION ${row?.id}`));
      await manager.query('SELECT 1');
    });
    expect(attempts).toBe(2);
    expect(await countOf(database, 'killed')).toBe(1);
  });

  it.each([
    ['lost_before', undefined],
    ['lost_after', 1],
  ] as const)('a COMMIT that is %s is reported as unknown', async (fault, expected) => {
    const proxy = await CommitProxy.start(server.url);
    const through = await openDatabase({ url: proxy.url, entities });
    proxy.fault = fault;
    const write = through.write((manager) => manager.insert(Probe, { id: fault, count: 1 }));
    await expect(write).rejects.toBeInstanceOf(CommitUnknownError);
    await expect(write).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    expect(await countOf(database, fault)).toBe(expected);
    await through.close();
    await proxy.stop();
  });

  it('a statement that takes too long is given up once, and ended at the server', async () => {
    const hasty = await openDatabase({ url: server.url, entities, statementTimeoutMs: 500 });
    let attempts = 0;
    const slow = hasty.write((manager) => {
      attempts += 1;
      return manager.query("SELECT SLEEP(600) AS 'too long', id FROM probe WHERE id = 'kept' FOR UPDATE");
    });
    await expect(slow).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    expect(attempts).toBe(1);
    const running = (): Promise<unknown[]> =>
      database.read((manager) =>
        manager.query<unknown[]>("SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(600)%'"),
      );
    await waitFor(async () => (await running()).length === 0, { what: 'the statement to end' });
    await hasty.write((manager) => manager.query("SELECT id FROM probe WHERE id = 'kept' FOR UPDATE"));
    await hasty.close();
  });

  it.each([1226, 1203, 3024, 1969, 1047, 1180, 3100, 1021, 1041, 3032])(
    'a server that answers %i is unavailable for now, and leaves no broken connection behind',
    async (code) => {
      const write = database.write((manager) =>
        manager.query(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${code}, MESSAGE_TEXT = 'as if'`),
      );
      await expect(write).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
      expect(await countOf(database, 'kept')).toBe(0);
    },
  );

  it('a quota that is used up means that it may be tried again', async () => {
    const user = "'limited'@'127.0.0.1'";
    await withDatabase(server.adminUrl, async (admin) => {
      await admin.query(`CREATE USER ${user} IDENTIFIED BY 'limited' WITH MAX_QUERIES_PER_HOUR 30`);
      await admin.query(`GRANT ALL ON *.* TO ${user}`);
    });
    const limited = await openDatabase({ url: server.url.replace('sunbeon:sunbeon@', 'limited:limited@'), entities });
    const untilRefused = async (): Promise<void> => {
      for (let times = 0; times < 60; times += 1) await countOf(limited, 'kept');
    };
    await expect(untilRefused()).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    await limited.close();
  });

  it('a database that is away is said to be, and everything works when it is back', async () => {
    await Promise.all(Array.from({ length: 10 }, () => countOf(database, 'kept')));
    await server.kill();
    const write = () => database.write((manager) => manager.increment(Probe, { id: 'kept' }, 'count', 1));
    await expect(write()).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(countOf(database, 'kept')).rejects.toMatchObject({ code: 'database_unavailable' });
    await server.restart();
    await write();
    expect(await countOf(database, 'kept')).toBe(1);
  });

  it('a start waits for a database that is not there yet, and gives up in the end', async () => {
    const proxy = await CommitProxy.start(server.url);
    await proxy.stop();
    await expect(openDatabase({ url: proxy.url, entities, startTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    const opening = openDatabase({ url: proxy.url, entities });
    await proxy.listen();
    await (await opening).close();
    await proxy.stop();
  });
});

describe.each(MAKERS)('replicas of %s', (maker) => {
  const entities = [Probe];
  let server: DatabaseService;
  let proxy: CommitProxy;
  let database: Database;

  beforeAll(async () => {
    server = await startDatabase(maker);
    // The replica is a database of its own here, to tell which of them answered.
    const replicaUrl = await server.createDatabase();
    const replica = await openDatabase({ url: replicaUrl, entities });
    await makeProbes(replica, 'replica');
    await replica.close();
    proxy = await CommitProxy.start(replicaUrl);
    database = await openDatabase({ url: server.url, entities, replicaUrls: [proxy.url], replicaLagMs: Infinity });
    await makeProbes(database, 'primary');
  });

  afterAll(async () => {
    await database.close();
    await proxy.stop();
    await server.stop();
  });

  const answeredBy = (from?: 'replica'): Promise<string | undefined> =>
    database.read(async (manager) => (await manager.find(Probe))[0]?.id, { from });

  it('answer only reads that allow it', async () => {
    await waitFor(async () => (await answeredBy('replica')) === 'replica');
    expect(await answeredBy()).toBe('primary');
  });

  it('cost nothing but speed when they die, and serve again when they are back', async () => {
    await waitFor(async () => (await answeredBy('replica')) === 'replica');
    await proxy.stop();
    expect(await Promise.all(Array.from({ length: 20 }, () => answeredBy('replica')))).toEqual(
      Array(20).fill('primary'),
    );
    await proxy.listen();
    await waitFor(async () => (await answeredBy('replica')) === 'replica');
  });
});
