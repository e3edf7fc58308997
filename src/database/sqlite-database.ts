import BetterSqlite3 from 'better-sqlite3';
import { DataSource, type EntityManager, MigrationExecutor, type QueryRunner } from 'typeorm';
import { Database } from './database';
import { failureKind, translated } from './database-error';
import { migrations } from './migrations';
import { type RetryPolicy, withRetries } from './retry';
import { WriteQueue } from './write-queue';
import { asWrite } from './write-scope';

export interface SqliteOptions {
  /** Path of the database file; made when it is not there. */
  file: string;
  entities: (new () => object)[];
}

/** How long SQLite itself waits for another process's write, ms; the process stands still meanwhile, so it is short. */
const BUSY_TIMEOUT_MS = 100;

/** Another process (an import, a check) is writing: try again for some 10 s in all. */
const BUSY_RETRIES: RetryPolicy = { attempts: 40, firstPauseMs: 20, longestPauseMs: 500 };

const MOST_WAITING_WRITES = 20_000;

/**
 * TypeORM says BEGIN TRANSACTION, which takes the write lock only at the first write: when another process has written
 * since our first read, that fails at once and for good. IMMEDIATE takes the lock first.
 */
class ImmediateSqlite3 extends BetterSqlite3 {
  override prepare<Parameters extends unknown[] | object = unknown[], Result = unknown>(
    source: string,
  ): ReturnType<typeof BetterSqlite3.prototype.prepare<Parameters, Result>> {
    return super.prepare<Parameters, Result>(source === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : source);
  }
}

/**
 * The embedded database. Every connection of TypeORM's SQLite driver is one and the same, so all writers take turns on
 * it, and readers have a read-only connection of their own, which sees committed rows only.
 */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  private readonly queue = new WriteQueue(MOST_WAITING_WRITES);

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    super();
  }

  static async open({ file, entities }: SqliteOptions): Promise<SqliteDatabase> {
    const shared = {
      type: 'better-sqlite3',
      database: file,
      entities,
      logging: false,
      driver: ImmediateSqlite3,
    } as const;
    const writer = await new DataSource({
      ...shared,
      migrations,
      enableWAL: true,
      timeout: BUSY_TIMEOUT_MS,
      // What was answered must survive a power cut: sync the log at every commit.
      prepareDatabase: (connection: BetterSqlite3.Database) => void connection.pragma('synchronous = FULL'),
    }).initialize();
    try {
      const reader = await new DataSource({
        ...shared,
        readonly: true,
        fileMustExist: true,
        timeout: BUSY_TIMEOUT_MS,
      }).initialize();
      return new SqliteDatabase(writer, reader);
    } catch (error) {
      await writer.destroy();
      throw error;
    }
  }

  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.inTurn(() => this.transact(work));
  }

  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.reader.manager);
    } catch (error) {
      throw translated(error);
    }
  }

  /** The database is this process: its clock is ours. */
  now(): Promise<number> {
    return Promise.resolve(Date.now());
  }

  async migrate(): Promise<void> {
    await this.inTurn(async () => {
      const runner = this.writer.createQueryRunner();
      await runner.beforeMigration();
      try {
        await this.transact(async () => {
          const executor = new MigrationExecutor(this.writer, runner);
          executor.transaction = 'all';
          await executor.executePendingMigrations();
        });
      } finally {
        await runner.afterMigration();
      }
    });
  }

  async close(): Promise<void> {
    await this.queue.idle();
    await this.reader.destroy();
    await this.writer.destroy();
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    return asWrite(() =>
      this.queue.run(async () => {
        try {
          return await withRetries(BUSY_RETRIES, (error) => failureKind(error) === 'retry', task);
        } catch (error) {
          throw translated(error);
        }
      }),
    );
  }

  private async transact<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await work(runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      const connection = (await runner.connect()) as BetterSqlite3.Database;
      // Some errors (a full disk) have rolled back already.
      if (connection.inTransaction) connection.exec('ROLLBACK');
      this.forgetRunner();
      throw error;
    }
  }

  /** The driver keeps one query runner for ever, and its idea of being in a transaction is wrong after some errors. */
  private forgetRunner(): void {
    (this.writer.driver as { queryRunner?: QueryRunner }).queryRunner = undefined;
  }
}
