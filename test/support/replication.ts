import { DatabaseMaker, DatabaseService, withDatabase } from '../../load/servers/sql-server';
import { startDatabase } from '../../load/servers/start-database';
import { waitFor } from '../../load/support/wait-for';

/** Two real servers, one of which replicates the other. */
export interface Replication {
  primary: DatabaseService;
  replica: DatabaseService;
  /** The application's database on the copy. */
  replicaUrl: string;
  /** Runs a statement on the copy, in the application's database, as its administrator. */
  onReplica<T>(sql: string): Promise<T>;
  /** Until the copy has all that the primary has. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

interface Position {
  File: string;
  Position: number;
}

/** What each maker calls the same things. */
const WORDS = {
  mysql: {
    position: 'SHOW BINARY LOG STATUS',
    executed: ['Relay_Source_Log_File', 'Exec_Source_Log_Pos'],
    follow: (port: number, { File, Position }: Position) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = ${port}, SOURCE_USER = 'root',
       SOURCE_LOG_FILE = '${File}', SOURCE_LOG_POS = ${Position}, SOURCE_CONNECT_RETRY = 1`,
  },
  mariadb: {
    position: 'SHOW BINLOG STATUS',
    executed: ['Relay_Master_Log_File', 'Exec_Master_Log_Pos'],
    follow: (port: number, { File, Position }: Position) =>
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${port}, MASTER_USER = 'root',
       MASTER_LOG_FILE = '${File}', MASTER_LOG_POS = ${Position}, MASTER_CONNECT_RETRY = 1`,
  },
} as const;

export async function startReplication(maker: DatabaseMaker): Promise<Replication> {
  const words = WORDS[maker];
  const primary = await startDatabase(maker, { own: true, args: ['--server-id=1', '--log-bin=changes'] });
  const replica = await startDatabase(maker, { own: true, args: ['--server-id=2', '--read-only=1'] });
  const name = new URL(primary.url).pathname.slice(1);
  const position = (): Promise<Position> =>
    withDatabase(primary.adminUrl, async (connection) => {
      const [rows] = await connection.query(words.position);
      return (rows as [Position])[0];
    });
  const start = await position();
  await withDatabase(replica.adminUrl, async (connection) => {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await connection.query(`GRANT ALL ON ${name}.* TO 'sunbeon'@'127.0.0.1'`);
    await connection.query(words.follow(primary.port, start));
    await connection.query('START REPLICA');
  });
  const onReplica = <T>(sql: string): Promise<T> =>
    withDatabase(`${replica.adminUrl}/${name}`, async (connection) => (await connection.query(sql))[0] as T);
  const caughtUp = async (): Promise<void> => {
    const { File, Position } = await position();
    const isThere = async (): Promise<boolean> => {
      const [status = {}] = await onReplica<Record<string, unknown>[]>('SHOW REPLICA STATUS');
      const [file, executed] = words.executed.map((column) => status[column]);
      return file === File && Number(executed) >= Position;
    };
    await waitFor(isThere, { what: 'the replica to catch up' });
  };
  const url = new URL(replica.url);
  url.pathname = `/${name}`;
  const stop = async (): Promise<void> => {
    await replica.stop();
    await primary.stop();
  };
  return { primary, replica, replicaUrl: url.href, onReplica, caughtUp, stop };
}
