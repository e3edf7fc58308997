import { RowDataPacket } from 'mysql2';
import { DatabaseService, withDatabase } from '../../../load/servers/sql-server';
import { startDatabase } from '../../../load/servers/start-database';

describe.each(['mysql', 'mariadb'] as const)('%s of the test run', (maker) => {
  let service: DatabaseService;

  beforeAll(async () => {
    service = await startDatabase(maker, { own: true });
  });
  afterAll(() => service.stop());

  const write = (url: string) =>
    withDatabase(url, async (connection) => {
      await connection.query('CREATE TABLE note (text VARCHAR(20))');
      await connection.query("INSERT INTO note VALUES ('kept')");
    });

  it('is of the maker that was asked for', async () => {
    await withDatabase(service.url, async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
      expect(String(rows[0]?.version).includes('MariaDB')).toBe(maker === 'mariadb');
    });
  });

  it('gives every caller an empty database of its own', async () => {
    const [first, second] = [await service.createDatabase(), await service.createDatabase()];
    await write(first);
    await withDatabase(second, async (connection) => {
      const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
      expect(tables).toEqual([]);
    });
  });

  it('makes every commit durable', async () => {
    await withDatabase(service.url, async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT @@innodb_flush_log_at_trx_commit AS flush');
      expect(rows[0]?.flush).toBe(1);
    });
  });

  it('comes back after a kill with what was committed', async () => {
    const url = await service.createDatabase();
    await write(url);
    await service.kill();
    await expect(withDatabase(url, (connection) => connection.ping())).rejects.toThrow();
    await service.restart();
    await withDatabase(url, async (connection) => {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT text FROM note');
      expect(rows).toEqual([{ text: 'kept' }]);
    });
  });
});
