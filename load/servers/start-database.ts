import { startMariaDb } from './mariadb';
import { startMysql } from './mysql';
import { DatabaseMaker, DatabaseServerOptions, DatabaseService } from './sql-server';

const START = { mysql: startMysql, mariadb: startMariaDb };

/** A server of that maker: see `startMysql` and `startMariaDb`. */
export const startDatabase = (maker: DatabaseMaker, options?: DatabaseServerOptions): Promise<DatabaseService> =>
  START[maker](options);
