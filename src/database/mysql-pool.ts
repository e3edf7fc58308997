import * as mysql2 from 'mysql2';
import { DataSource, type MixedList } from 'typeorm';
import { parseDatabaseAddress } from '../config/database-address';
import { migrations } from './migrations';
import { StatementLog } from './statement-log';

export type EntityClass = new () => object;

export interface PoolOptions {
  /** See `parseDatabaseAddress`. */
  url: string;
  entities: EntityClass[];
  /** Most connections, at least 2. */
  poolSize: number;
  /** Most callers waiting for a connection; a further one is refused with `busy`. */
  queueLimit: number;
  /** How long opening a connection may take, ms. */
  connectTimeoutMs: number;
  /** How long one statement may take before its connection is given up, ms; 0 = any time. */
  statementTimeoutMs: number;
}

/** How long a statement waits for a row lock, seconds; then the whole transaction is run again. */
const LOCK_WAIT_SECONDS = 3;

/** A pod that stands still inside a transaction loses its row locks after so long, seconds. */
const IDLE_IN_TRANSACTION_SECONDS = 3;

/**
 * MySQL has no limit for idling inside a transaction, only one for idling at all, seconds. The pool closes what idles for
 * POOL_IDLE_MS itself, well before the server does.
 */
const MYSQL_IDLE_SECONDS = 10;
const POOL_IDLE_MS = 4_000;

const SESSION_SETUP = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
   innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}
   /*M! , idle_transaction_timeout = ${IDLE_IN_TRANSACTION_SECONDS} */
   /*!80000 , wait_timeout = ${MYSQL_IDLE_SECONDS} */`,
];

/** Not yet connected. `type: 'mysql'` serves MariaDB too, and keeps TypeORM from using RETURNING, which MySQL has not. */
export function mysqlPool(options: PoolOptions): DataSource {
  const { user: username, ...place } = placeOf(options.url);
  return new DataSource({
    type: 'mysql',
    ...place,
    username,
    driver: { ...mysql2, createPool: createPreparedPool },
    entities: options.entities,
    migrations: migrations as MixedList<new () => object>,
    logger: new StatementLog(),
    charset: 'UTF8MB4_BIN',
    timezone: 'Z',
    poolSize: options.poolSize,
    connectTimeout: options.connectTimeoutMs,
    maxQueryExecutionTime: options.statementTimeoutMs,
    enableQueryTimeout: options.statementTimeoutMs > 0,
    extra: {
      queueLimit: options.queueLimit,
      maxIdle: options.poolSize - 1,
      idleTimeout: POOL_IDLE_MS,
      enableKeepAlive: true,
    },
  });
}

/** What mysql2 must know to connect. @throws Error when the URL is none of a database; it does not repeat the URL */
export function placeOf(url: string): Pick<mysql2.ConnectionOptions, 'host' | 'port' | 'database'> & {
  user: string;
  password: string;
  ssl?: mysql2.SslOptions;
} {
  const { tls, ...place } = parseDatabaseAddress(url);
  if (!tls) return place;
  const { mode, ...files } = tls;
  return { ...place, ssl: { ...files, rejectUnauthorized: mode !== 'require', verifyIdentity: mode === 'verify' } };
}

/** A pool whose every connection is set up before its first use; one that cannot be is thrown away. */
function createPreparedPool(config: mysql2.PoolOptions): mysql2.Pool {
  const pool = mysql2.createPool(config);
  pool.on('connection', (connection) => {
    for (const statement of SESSION_SETUP) {
      connection.query(statement, (error) => {
        if (error) connection.destroy();
      });
    }
  });
  return pool;
}
