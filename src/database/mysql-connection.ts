import * as mysql2 from 'mysql2';
import type { DataSource, QueryRunner } from 'typeorm';
import { failureKind } from './database-error';

/**
 * A statement that found its connection dead, before COMMIT: nothing happened, and another connection may be alive.
 * Several connections of the pool may have died together, so a few attempts.
 */
export class ConnectionLostEarly extends Error {
  constructor(override readonly cause: unknown) {
    super('the connection was lost before COMMIT');
  }
}

/** Gives `work` a connection, and gives that back only when it is sure to be alive and outside any transaction. */
export async function withRunner<T>(pool: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = pool.createQueryRunner();
  await runner.connect();
  try {
    return await work(runner);
  } catch (error) {
    const kind = failureKind(error);
    if (kind === 'timeout') await abandonStatement(pool, runner);
    else if (kind === 'lost' || !(await rolledBack(runner))) await discardConnection(runner);
    throw kind === 'lost' ? new ConnectionLostEarly(error) : error;
  } finally {
    await runner.release();
  }
}

async function rolledBack(runner: QueryRunner): Promise<boolean> {
  if (!runner.isTransactionActive) return true;
  try {
    await runner.query('ROLLBACK');
    return true;
  } catch {
    // The caller throws the connection away, and the server rolls back by itself.
    return false;
  }
}

export async function discardConnection(runner: QueryRunner): Promise<void> {
  ((await runner.connect()) as mysql2.PoolConnection).destroy();
}

/** As `mysqlPool` gave it to TypeORM. */
interface PlaceOfPool {
  host: string;
  port: number;
  username: string;
  password: string;
  ssl?: mysql2.SslOptions;
}

/** How long the server may take to end what was abandoned, ms. */
const KILL_TIMEOUT_MS = 5_000;

/**
 * Gives up a statement that took too long. The server would go on with it, and hold its locks, long after its connection is
 * gone: it is told to end it, by a connection of its own, for the pool may be full of such. Nobody waits for that.
 */
async function abandonStatement({ options }: DataSource, runner: QueryRunner): Promise<void> {
  const { threadId } = (await runner.connect()) as mysql2.PoolConnection;
  await discardConnection(runner);
  const { host, port, username, password, ssl } = options as PlaceOfPool;
  const place = { host, port, user: username, password, ssl };
  const connection = mysql2.createConnection({ ...place, connectTimeout: KILL_TIMEOUT_MS });
  // A server that does not answer has nothing that we could end.
  connection.on('error', () => connection.destroy());
  connection.query({ sql: `KILL ${threadId}`, timeout: KILL_TIMEOUT_MS }, () => connection.destroy());
}
