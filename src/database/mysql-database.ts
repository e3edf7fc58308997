import { DataSource, type EntityManager, MigrationExecutor } from 'typeorm';
import { type RetryPolicy, withRetries } from '../common/retry';
import { Database, type ReadOptions, asWrite } from './database';
import {
  CommitUnknownError,
  databaseUnavailable,
  failureKind,
  isCertificateProblem,
  translated,
} from './database-error';
import { ConnectionLostEarly, discardConnection, withRunner } from './mysql-connection';
import { type EntityClass, mysqlPool, type PoolOptions } from './mysql-pool';
import { MysqlReplicas } from './mysql-replicas';

export interface MysqlOptions {
  url: string;
  entities: EntityClass[];
  /** Read-only copies; any of them may be down at any time. */
  replicaUrls?: string[];
  /** A replica that is further behind is not asked, ms; Infinity = however far. Default 10,000. */
  replicaLagMs?: number;
  /** Most connections to the primary, besides two for lists, and to each replica. Default 10, at least 2. */
  poolSize?: number;
  /** How long to wait at the start for a database that cannot be reached yet, ms. Default 60,000. */
  startTimeoutMs?: number;
  /** How long one statement may take before it is given up and ended at the server, ms. Default 15,000. */
  statementTimeoutMs?: number;
}

const QUEUE_LIMIT = 10_000;
/** For what replicas are asked for, where there are none: anybody may ask for lists, and nobody's commit waits for one. */
const LIST_CONNECTIONS = 2;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const REPLICA_LAG_MS = 10_000;

/** Another pod may be at it, and a migration of a big table takes its time. */
const MIGRATION_LOCK_SECONDS = 600;

const TRANSACTION_RETRIES: RetryPolicy = { attempts: 8, firstPauseMs: 10, longestPauseMs: 500, spread: 1 };

/** The database is away, or not able to work, as it may be for a while. */
const isPassing = (error: unknown): boolean => ['lost', 'timeout', 'unavailable'].includes(failureKind(error));

/** The clustered database: MySQL 8.4 or later, or MariaDB. */
export class MysqlDatabase extends Database {
  readonly kind = 'mysql';

  private constructor(
    private readonly options: PoolOptions,
    private readonly primary: DataSource,
    private readonly lists: DataSource,
    private readonly replicas: MysqlReplicas,
  ) {
    super();
  }

  /** @throws DomainError `database_unavailable` when the primary could not be reached in time */
  static async open({
    url,
    entities,
    replicaUrls = [],
    poolSize = 10,
    startTimeoutMs = 60_000,
    ...more
  }: MysqlOptions) {
    const options: PoolOptions = {
      url,
      entities,
      poolSize: Math.max(poolSize, 2),
      queueLimit: QUEUE_LIMIT,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      statementTimeoutMs: more.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    };
    const deadline = Date.now() + startTimeoutMs;
    const patience: RetryPolicy = { firstPauseMs: 200, longestPauseMs: 2_000, spread: 1 };
    const early = (error: unknown): boolean =>
      isPassing(error) && !isCertificateProblem(error) && Date.now() < deadline;
    try {
      const primary = await withRetries(patience, early, () => mysqlPool(options).initialize());
      const lists = await withRetries(patience, early, () =>
        mysqlPool({ ...options, poolSize: LIST_CONNECTIONS }).initialize(),
      );
      const replicas = new MysqlReplicas(replicaUrls, options, primary, more.replicaLagMs ?? REPLICA_LAG_MS);
      return new MysqlDatabase(options, primary, lists, replicas);
    } catch (error) {
      throw translated(error);
    }
  }

  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return asWrite(() => this.persistently(() => this.transact(work)));
  }

  async read<T>(work: (manager: EntityManager) => Promise<T>, { from = 'primary' }: ReadOptions = {}): Promise<T> {
    if (from === 'replica') {
      const answer = await this.replicas.read(work);
      if (answer) return answer.value;
    }
    const pool = from === 'replica' ? this.lists : this.primary;
    return this.persistently(() => withRunner(pool, (runner) => work(runner.manager)));
  }

  async now(manager: EntityManager): Promise<number> {
    const [row] = await manager.query<{ now: string }[]>(
      'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS now',
    );
    return Number(row?.now);
  }

  /** On a connection of its own, under a lock that ends with that connection. */
  async migrate(): Promise<void> {
    const own = mysqlPool({ ...this.options, poolSize: 2, statementTimeoutMs: 0 });
    try {
      await own.initialize();
      const runner = own.createQueryRunner();
      const [row] = await runner.manager.query<{ locked: string | number | null }[]>(
        `SELECT GET_LOCK(CONCAT('sunbeon_migrate:', LEFT(DATABASE(), 40)), ${MIGRATION_LOCK_SECONDS}) AS locked`,
      );
      if (Number(row?.locked) !== 1) throw databaseUnavailable(new Error('another pod holds the migration lock'));
      const executor = new MigrationExecutor(own, runner);
      executor.transaction = 'none';
      await executor.executePendingMigrations();
      await runner.release();
    } catch (error) {
      throw translated(error);
    } finally {
      if (own.isInitialized) await own.destroy();
    }
  }

  async close(): Promise<void> {
    await this.replicas.close();
    await this.lists.destroy();
    await this.primary.destroy();
  }

  /** Runs a transaction or read again for deadlocks and the like, and when its connection turned out to be dead. */
  private async persistently<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await withRetries(
        TRANSACTION_RETRIES,
        (error) => error instanceof ConnectionLostEarly || failureKind(error) === 'retry',
        work,
      );
    } catch (error) {
      throw error instanceof ConnectionLostEarly ? databaseUnavailable(error.cause) : translated(error);
    }
  }

  private transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return withRunner(this.primary, async (runner) => {
      await runner.startTransaction();
      const result = await work(runner.manager);
      try {
        await runner.commitTransaction();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await discardConnection(runner);
        throw new CommitUnknownError(error);
      }
      return result;
    });
  }
}
