import type * as mysql2 from 'mysql2';
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
    const lost = failureKind(error) === 'lost';
    if (lost || !(await rolledBack(runner))) await discardConnection(runner);
    throw lost ? new ConnectionLostEarly(error) : error;
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
