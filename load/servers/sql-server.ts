import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection, Connection } from 'mysql2/promise';
import { ManagedProcess, ProcessOptions } from './managed-process';
import { OwnServer } from './own-server';
import { LENT_SERVICE, Service, ServiceOptions } from './service';

/** Whose server it is. */
export const DATABASE_MAKERS = ['mysql', 'mariadb'] as const;
export type DatabaseMaker = (typeof DATABASE_MAKERS)[number];

export const isMaker = (name: string): name is DatabaseMaker => DATABASE_MAKERS.some((maker) => maker === name);

export interface DatabaseServerOptions extends ServiceOptions {
  /** Size of the redo log, MiB; default 32. */
  redoLogMib?: number;
}

export interface DatabaseService extends Service {
  /** A database that was made with the server, empty at first; its user may do everything in it, and nothing outside. */
  readonly url: string;
  /** For what the application's user must not do: SET GLOBAL, KILL, other databases. */
  readonly adminUrl: string;
  /** Another empty database on the same server. */
  createDatabase(): Promise<string>;
}

const USER = 'sunbeon';
const USUAL_REDO_LOG_MIB = 32;

/** A MySQL or MariaDB server of this run, with durable commits. */
export abstract class SqlServer extends OwnServer implements DatabaseService {
  readonly adminUrl: string;
  url = '';

  constructor(
    private readonly maker: DatabaseMaker,
    port: number,
    private readonly options: DatabaseServerOptions,
  ) {
    super(maker, port, 180_000);
    this.adminUrl = `mysql://root@127.0.0.1:${port}`;
  }

  /** Makes the system tables, the server, the application's user and the first database. */
  override async initialise(): Promise<void> {
    await this.makeSystemTables();
    await this.start();
    await withDatabase(this.adminUrl, (connection) =>
      connection.query(`CREATE USER '${USER}'@'127.0.0.1' IDENTIFIED BY '${USER}'`),
    );
    this.url = await this.createDatabase();
  }

  createDatabase(): Promise<string> {
    return createDatabase(this.adminUrl, `mysql://${USER}:${USER}@127.0.0.1:${this.port}`, true);
  }

  /** The data directory, with a `root` at 127.0.0.1 that has no password. */
  protected abstract makeSystemTables(): Promise<void>;

  /** The program, and what only this maker's server wants to be told. */
  protected abstract program(redoLogMib: number): { command: string; args: string[]; more: string[] };

  protected command(): ProcessOptions {
    const { command, args, more } = this.program(this.options.redoLogMib ?? USUAL_REDO_LOG_MIB);
    return {
      name: this.maker,
      command,
      args: [
        ...args,
        '--no-defaults',
        ...this.place(),
        ...more,
        `--socket=${join(this.directory.path, 'socket')}`,
        `--pid-file=${join(this.directory.path, 'pid')}`,
        `--port=${this.port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--innodb-flush-log-at-trx-commit=1',
        '--character-set-server=utf8mb4',
        '--max-connections=400',
        ...(this.options.args ?? []),
      ],
    };
  }

  /** The temporary folder is this server's own: a mariadbd that starts removes the temporary tables it finds in there. */
  protected place(): string[] {
    const temporary = join(this.directory.path, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const asRoot = userInfo().uid === 0 ? ['--user=root'] : [];
    return [`--datadir=${this.data}`, `--tmpdir=${temporary}`, ...asRoot];
  }

  protected untilReady(process: ManagedProcess): Promise<void> {
    return process.untilReady(() => withDatabase(this.adminUrl, (connection) => connection.ping().then(() => true)));
  }
}

/** Fresh databases on a server of somebody's, whose user must be allowed to create them. */
export function borrowDatabase(named: string): Promise<DatabaseService> {
  const created: string[] = [];
  const create = async (): Promise<string> => {
    const url = await createDatabase(named, named, false);
    created.push(new URL(url).pathname.slice(1));
    return url;
  };
  const drop = (): Promise<void> =>
    withDatabase(named, async (connection) => {
      for (const name of created) await connection.query(`DROP DATABASE IF EXISTS ${name}`);
    });
  return create().then((url) => ({
    ...LENT_SERVICE,
    url,
    adminUrl: named,
    port: Number(new URL(named).port || 3306),
    createDatabase: create,
    stop: drop,
  }));
}

async function createDatabase(adminUrl: string, userUrl: string, grant: boolean): Promise<string> {
  const name = `sunbeon_${randomBytes(6).toString('hex')}`;
  await withDatabase(adminUrl, async (connection) => {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    if (grant) await connection.query(`GRANT ALL ON ${name}.* TO '${USER}'@'127.0.0.1'`);
  });
  const url = new URL(userUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs `work` on a connection of its own. */
export async function withDatabase<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection(url);
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
