import type BetterSqlite3 from 'better-sqlite3';
import { DataSource, type EntityManager, MigrationExecutor, type QueryRunner } from 'typeorm';
import { type RetryPolicy, withRetries } from '../common/retry';
import { errorText } from '../common/text';
import { Database, asWrite } from './database';
import { failureKind, translated } from './database-error';
import { migrations } from './migrations';
import { makePrivateDatabase } from './private-files';
import { Sqlite } from './sqlite-driver';
import { StatementLog } from './statement-log';
import { type QueuedWrite, WriteQueue } from './write-queue';

export interface SqliteOptions {
  /** Path of the database file; made when it is not there. */
  file: string;
  entities: (new () => object)[];
}

/** How long SQLite itself waits for another process's write, ms; the process stands still meanwhile, so it is short. */
const BUSY_TIMEOUT_MS = 100;

/** Another process (an import, a check) is writing: try again for some 10 s in all. */
const BUSY_RETRIES: RetryPolicy = { attempts: 40, firstPauseMs: 20, longestPauseMs: 500, spread: 1 };

const MOST_WAITING_WRITES = 20_000;

/** Writes that share one commit, and so one sync of the log: the sync takes milliseconds, in which the process stands. */
const GROUP_SIZE = 256;

type Write = QueuedWrite<EntityManager>;

/**
 * TypeORM says BEGIN TRANSACTION, which takes the write lock only at the first write: when another process has written
 * since our first read, that fails at once and for good. IMMEDIATE takes the lock first.
 */
class ImmediateSqlite3 extends Sqlite {
  override prepare<Parameters extends unknown[] | object = unknown[], Result = unknown>(
    source: string,
  ): ReturnType<typeof Sqlite.prototype.prepare<Parameters, Result>> {
    return super.prepare<Parameters, Result>(source === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : source);
  }
}

/**
 * The embedded database. Every connection of TypeORM's SQLite driver is one and the same, so all writers take turns on
 * it, and readers have a read-only connection of their own, which sees committed rows only.
 */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  private readonly queue: WriteQueue<EntityManager>;

  private constructor(
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {
    super();
    this.queue = new WriteQueue(MOST_WAITING_WRITES, GROUP_SIZE, (group) => this.commitGroup(group));
  }

  /** @throws Error that names the file when it cannot be opened, or is none of ours */
  static async open(options: SqliteOptions): Promise<SqliteDatabase> {
    try {
      makePrivateDatabase(options.file);
      return await SqliteDatabase.connect(options);
    } catch (error) {
      throw new Error(`the database ${options.file} cannot be opened: ${errorText(error)}`, { cause: error });
    }
  }

  private static async connect({ file, entities }: SqliteOptions): Promise<SqliteDatabase> {
    const shared = {
      type: 'better-sqlite3',
      database: file,
      entities,
      logger: new StatementLog(),
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
    return asWrite(() => this.queue.run(work));
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
    await this.queue.idle();
    const runner = this.writer.createQueryRunner();
    await runner.beforeMigration();
    try {
      await this.transact(async () => {
        const executor = new MigrationExecutor(this.writer, runner);
        executor.transaction = 'all';
        await executor.executePendingMigrations();
      });
    } catch (error) {
      throw translated(error);
    } finally {
      await runner.afterMigration();
    }
  }

  async close(): Promise<void> {
    await this.queue.idle();
    await this.reader.destroy();
    await this.writer.destroy();
  }

  /** Settles every write of the group: with one commit for all that went well, or, if that fails, each by itself. */
  private async commitGroup(group: Write[]): Promise<void> {
    try {
      const settlements = await this.transact((runner) => runEach(runner, group));
      for (const settle of settlements) settle();
    } catch (error) {
      const [only] = group;
      if (group.length === 1) only?.reject(translated(error));
      else for (const write of group) await this.commitGroup([write]);
    }
  }

  /** Runs `work` in one transaction, from the start again while another process holds the file. */
  private transact<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    return withRetries(
      BUSY_RETRIES,
      (error) => failureKind(error) === 'retry',
      () => this.transactOnce(work),
    );
  }

  private async transactOnce<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    try {
      await runner.startTransaction();
      const result = await work(runner);
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

/**
 * Runs each write in a savepoint of its own, so that one that fails undoes only itself. Gives what settles them, to be
 * called once the whole group is committed.
 *
 * @throws whatever undid the whole transaction (a full disk), or was a lost race for the file
 */
async function runEach(runner: QueryRunner, group: Write[]): Promise<(() => void)[]> {
  const settlements: (() => void)[] = [];
  for (const { work, resolve, reject } of group) {
    await runner.startTransaction();
    try {
      const value = await work(runner.manager);
      await runner.commitTransaction();
      settlements.push(() => resolve(value));
    } catch (error) {
      const connection = (await runner.connect()) as BetterSqlite3.Database;
      if (!connection.inTransaction || failureKind(error) === 'retry') throw error;
      await runner.rollbackTransaction();
      settlements.push(() => reject(translated(error)));
    }
  }
  return settlements;
}
