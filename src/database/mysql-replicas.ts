import { Logger } from '@nestjs/common';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { PollingLoop } from '../common/polling-loop';
import { failureKind } from './database-error';
import { ConnectionLostEarly, withRunner } from './mysql-connection';
import { mysqlPool, type PoolOptions } from './mysql-pool';
import { ReplicaBeat } from './replica-beat';

/** How long a replica that failed is left alone before it is tried again, ms. */
const RESTORE_AFTER_MS = 5_000;

/** Longest time between two looks at how far the replicas are, ms. */
const LONGEST_WATCH_PAUSE_MS = 2_000;

/** A replica that answers slower than this is no help, ms: the primary takes over. */
const REPLICA_TIMEOUT_MS = 3_000;

interface Replica {
  /** For the log: from 1, in the order of the configuration. */
  number: number;
  pool: DataSource;
  /** `late`: it answers, and lacks what the primary has had for too long, or it is not known yet whether it does. */
  state: 'up' | 'down' | 'connecting' | 'late';
  /** The log said that it is late. */
  isTold: boolean;
  /** When to try again, ms by a clock that only goes forward; only while down. */
  retryAt: number;
}

/**
 * The read-only copies, each with a pool of its own, taken in turn. One that fails is left out for a while and brought
 * back in the background, so no request ever waits for its return. One that does not follow the primary any more, or too
 * slowly, is not asked until it has caught up.
 *
 * TypeORM's own replication is not used: it puts the primary into the same cluster of pools, which takes a node offline
 * for seconds after an error in getting a connection, a full queue included. That would be the primary, too.
 */
export class MysqlReplicas {
  private readonly replicas: Replica[];
  private readonly logger = new Logger('Database');
  private readonly beat: ReplicaBeat;
  private readonly watching: PollingLoop;
  private turn = 0;
  private closed = false;

  /** @param lagMs how far a replica may be behind, ms; Infinity = nobody looks */
  constructor(
    urls: string[],
    options: PoolOptions,
    private readonly primary: DataSource,
    private readonly lagMs: number,
  ) {
    this.beat = new ReplicaBeat(lagMs);
    this.watching = new PollingLoop(
      () => this.watch(),
      () => Math.min(lagMs / 4, LONGEST_WATCH_PAUSE_MS),
    );
    this.replicas = urls.map((url, index) => ({
      number: index + 1,
      pool: mysqlPool({
        ...options,
        url,
        connectTimeoutMs: REPLICA_TIMEOUT_MS,
        statementTimeoutMs: REPLICA_TIMEOUT_MS,
      }),
      state: 'down',
      isTold: false,
      retryAt: 0,
    }));
    for (const replica of this.replicas) this.bringUp(replica);
    if (this.isWatching) this.watching.start();
  }

  private get isWatching(): boolean {
    return this.replicas.length > 0 && Number.isFinite(this.lagMs);
  }

  /** The answer of the first replica that has one; undefined when none has, so that the primary must be asked. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<{ value: T } | undefined> {
    const count = this.replicas.length;
    this.turn += 1;
    for (let offset = 0; offset < count; offset += 1) {
      const replica = this.replicas[(this.turn + offset) % count];
      if (replica?.state === 'down' && performance.now() >= replica.retryAt) this.bringUp(replica);
      if (replica?.state !== 'up') continue;
      try {
        return { value: await withRunner(replica.pool, (runner) => work(runner.manager)) };
      } catch (error) {
        if (error instanceof ConnectionLostEarly || failureKind(error) === 'timeout') this.takeDown(replica);
        // A replica may lack a table that was just made: the primary will say what is really wrong with a query.
        else if (!(error instanceof QueryFailedError) && failureKind(error) === 'other') throw error;
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.watching.stop();
    await Promise.all(this.replicas.filter(({ pool }) => pool.isInitialized).map(({ pool }) => pool.destroy()));
  }

  private bringUp(replica: Replica): void {
    replica.state = 'connecting';
    const connected = replica.pool.isInitialized ? replica.pool.query('SELECT 1') : replica.pool.initialize();
    connected.then(
      () => (this.closed ? void replica.pool.destroy() : (replica.state = this.isWatching ? 'late' : 'up')),
      () => this.takeDown(replica),
    );
  }

  /** Asks every replica how far it is. What cannot be asked now says nothing, and is asked the next time. */
  private async watch(): Promise<void> {
    await this.beat.raise(this.primary).catch(() => undefined);
    await Promise.all(
      this.replicas
        .filter(({ state }) => state === 'up' || state === 'late')
        .map((replica) => this.judge(replica).catch((error: unknown) => this.doubt(replica, error))),
    );
  }

  private async judge(replica: Replica): Promise<void> {
    const lagMs = await this.beat.lagOf(replica.pool);
    if (replica.state === 'up' && lagMs > this.lagMs)
      this.takeOut(replica, `lags ${Math.round(lagMs / 1_000)} s behind`);
    else if (replica.state === 'late' && lagMs <= this.lagMs / 2) {
      replica.state = 'up';
      if (replica.isTold) {
        this.logger.log(
          { code: 'replica_back', replica: replica.number },
          'A replica has caught up, and is asked again',
        );
      }
      replica.isTold = false;
    }
  }

  /** A replica without the table was never given one, or has not come as far. */
  private doubt(replica: Replica, error: unknown): void {
    if (failureKind(error) === 'other' && replica.state === 'up') {
      if (this.beat.lagAt(0) > this.lagMs) this.takeOut(replica, 'does not have our tables');
    } else if (error instanceof ConnectionLostEarly || ['lost', 'timeout'].includes(failureKind(error)))
      this.takeDown(replica);
  }

  private takeOut(replica: Replica, why: string): void {
    replica.state = 'late';
    replica.isTold = true;
    const fields = { code: 'replica_out', replica: replica.number, reason: why };
    this.logger.warn(fields, 'The primary is asked instead of a replica');
  }

  private takeDown(replica: Replica): void {
    replica.state = 'down';
    replica.retryAt = performance.now() + RESTORE_AFTER_MS;
  }
}
