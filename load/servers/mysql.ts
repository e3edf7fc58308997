import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ManagedProcess } from './managed-process';
import { freePort } from './ports';
import { borrowDatabase, DatabaseServerOptions, DatabaseService, SqlServer } from './sql-server';
import { Unpacked, unpacked } from './unpacked';

/**
 * A mysqld of this run with durable commits and its binary log, as MySQL is by itself, or fresh databases on the server
 * named by TEST_DATABASE_URL (its user must be allowed to create databases).
 *
 * @throws Error when mysqld cannot be had or does not answer
 */
export async function startMysql(options: DatabaseServerOptions = {}): Promise<DatabaseService> {
  const named = process.env.TEST_DATABASE_URL;
  if (named && !options.own) return borrowDatabase(named);
  const server = new MysqlServer('mysql', await freePort(), options);
  await server.initialise();
  return server;
}

/** One statement a line, as --init-file wants it. */
const FIRST_STATEMENTS = `CREATE USER root@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
`;

class MysqlServer extends SqlServer {
  private readonly mysqld = unpacked('mysqld');

  /** Making them takes three seconds, copying them a sixth of one. */
  protected async makeSystemTables(): Promise<void> {
    const model = await systemTables(this.mysqld);
    copy(model, this.data);
    // Each server has an identity of its own, made at its first start.
    rmSync(join(this.data, 'auto.cnf'));
  }

  protected program(redoLogMib: number) {
    const { command, args, folder } = this.mysqld;
    const more = [
      ...[`--basedir=${join(folder, 'usr')}`, '--mysqlx=OFF', '--secure-file-priv=NULL'],
      `--innodb-redo-log-capacity=${redoLogMib}M`,
    ];
    return { command, args, more };
  }
}

/** The data directory of a server that has never run, made once for every version. */
async function systemTables({ command, args, folder }: Unpacked): Promise<string> {
  const kept = join(folder, 'system-tables');
  if (existsSync(kept)) return kept;
  const working = mkdtempSync(join(folder, 'new-'));
  try {
    const data = join(working, 'data');
    const statements = join(working, 'first.sql');
    writeFileSync(statements, FIRST_STATEMENTS);
    const place = [
      `--basedir=${join(folder, 'usr')}`,
      `--datadir=${data}`,
      ...(userInfo().uid === 0 ? ['--user=root'] : []),
    ];
    const making = await ManagedProcess.start({
      name: 'mysql-initialize',
      command,
      args: [...args, '--no-defaults', ...place, '--initialize-insecure', `--init-file=${statements}`],
    });
    const { code } = await making.exited();
    if (code !== 0) throw new Error(`mysqld --initialize failed:\n${making.output()}`);
    if (!existsSync(kept)) renameSync(data, kept);
    return kept;
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
}

/** Its files are mostly holes. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-r', '--sparse=always', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the data directory could not be copied: ${stderr}`);
}
