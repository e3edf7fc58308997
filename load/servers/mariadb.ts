import { ManagedProcess } from './managed-process';
import { freePort } from './ports';
import { borrowDatabase, DatabaseServerOptions, DatabaseService, SqlServer } from './sql-server';

/**
 * A mariadbd of this run with durable commits, or fresh databases on the server named by TEST_DATABASE_URL (its user
 * must be allowed to create databases).
 *
 * @throws Error when mariadbd is not there or does not answer
 */
export async function startMariaDb(options: DatabaseServerOptions = {}): Promise<DatabaseService> {
  const named = process.env.TEST_DATABASE_URL;
  if (named && !options.own) return borrowDatabase(named);
  const server = new MariaDbServer('mariadb', await freePort(), options);
  await server.initialise();
  return server;
}

class MariaDbServer extends SqlServer {
  /** A third of a second. */
  protected async makeSystemTables(): Promise<void> {
    const making = await ManagedProcess.start({
      name: 'mariadb-install-db',
      command: 'mariadb-install-db',
      args: ['--no-defaults', ...this.place(), '--auth-root-authentication-method=normal', '--skip-test-db'],
    });
    const { code } = await making.exited();
    if (code !== 0) throw new Error(`mariadb-install-db failed:\n${making.output()}`);
  }

  protected program(redoLogMib: number) {
    return { command: 'mariadbd', args: [], more: [`--innodb-log-file-size=${redoLogMib}M`] };
  }
}
