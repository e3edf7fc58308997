import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection, Connection } from 'mysql2/promise';
import { ManagedProcess, ProcessOptions } from './managed-process';
import { OwnServer } from './own-server';
import { freePort } from './ports';
import { LENT_SERVICE, Service, ServiceOptions } from './service';

export interface DatabaseService extends Service {
  /** A database that was made with the server, empty at first; its user may do everything in it, and nothing outside. */
  readonly url: string;
  /** For what the application's user must not do: SET GLOBAL, KILL, other databases. */
  readonly adminUrl: string;
  /** Another empty database on the same server. */
  createDatabase(): Promise<string>;
}

/**
 * A mariadbd of this run with durable commits, or fresh databases on the server named by TEST_DATABASE_URL (its user
 * must be allowed to create databases).
 *
 * @throws Error when mariadbd is not there or does not answer
 */
export async function startMariaDb(options: ServiceOptions = {}): Promise<DatabaseService> {
  const named = process.env.TEST_DATABASE_URL;
  if (named && !options.own) return borrowDatabase(named);
  const server = new MariaDbServer(await freePort(), options);
  await server.initialise();
  return server;
}

class MariaDbServer extends OwnServer implements DatabaseService {
  readonly adminUrl: string;
  url = '';

  constructor(
    port: number,
    private readonly options: ServiceOptions,
  ) {
    super('mariadb', port, 60_000);
    this.adminUrl = `mysql://root@127.0.0.1:${port}`;
  }

  /** Makes the system tables (a third of a second), the server, the application's user and the first database. */
  override async initialise(): Promise<void> {
    const making = await ManagedProcess.start({
      name: 'mariadb-install-db',
      command: 'mariadb-install-db',
      args: [...this.place(), '--auth-root-authentication-method=normal', '--skip-test-db'],
    });
    const { code } = await making.exited();
    if (code !== 0) throw new Error(`mariadb-install-db failed:\n${making.output()}`);
    await this.start();
    await withDatabase(this.adminUrl, (connection) =>
      connection.query(`CREATE USER '${USER}'@'127.0.0.1' IDENTIFIED BY '${USER}'`),
    );
    this.url = await this.createDatabase();
  }

  createDatabase(): Promise<string> {
    return createDatabase(this.adminUrl, `mysql://${USER}:${USER}@127.0.0.1:${this.port}`, true);
  }

  /** The temporary folder is this server's own: a mariadbd that starts removes the temporary tables it finds in there. */
  private place(): string[] {
    const temporary = join(this.directory.path, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const asRoot = userInfo().uid === 0 ? ['--user=root'] : [];
    return [
      '--no-defaults',
      `--datadir=${this.data}`,
      `--tmpdir=${temporary}`,
      '--innodb-log-file-size=32M',
      ...asRoot,
    ];
  }

  protected command(): ProcessOptions {
    return {
      name: 'mariadb',
      command: 'mariadbd',
      args: [
        ...this.place(),
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

  protected untilReady(process: ManagedProcess): Promise<void> {
    return process.untilReady(() => withDatabase(this.adminUrl, (connection) => connection.ping().then(() => true)));
  }
}

const USER = 'sunbeon';

function borrowDatabase(named: string): Promise<DatabaseService> {
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
