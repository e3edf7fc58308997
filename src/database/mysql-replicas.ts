import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { failureKind } from './database-error';
import { ConnectionLostEarly, withRunner } from './mysql-connection';
import { mysqlPool, type PoolOptions } from './mysql-pool';

/** How long a replica that failed is left alone before it is tried again, ms. */
const RESTORE_AFTER_MS = 5_000;

/** A replica that answers slower than this is no help, ms: the primary takes over. */
const REPLICA_TIMEOUT_MS = 3_000;

interface Replica {
  pool: DataSource;
  state: 'up' | 'down' | 'connecting';
  /** When to try again, ms by this pod's clock; only while down. */
  retryAt: number;
}

/**
 * The read-only copies, each with a pool of its own, taken in turn. One that fails is left out for a while and brought
 * back in the background, so no request ever waits for its return.
 *
 * TypeORM's own replication is not used: it puts the primary into the same cluster of pools, which takes a node offline
 * for seconds after an error in getting a connection, a full queue included. That would be the primary, too.
 */
export class MysqlReplicas {
  private readonly replicas: Replica[];
  private turn = 0;
  private closed = false;

  constructor(urls: string[], options: PoolOptions) {
    this.replicas = urls.map((url) => ({
      pool: mysqlPool({
        ...options,
        url,
        connectTimeoutMs: REPLICA_TIMEOUT_MS,
        statementTimeoutMs: REPLICA_TIMEOUT_MS,
      }),
      state: 'down',
      retryAt: 0,
    }));
    for (const replica of this.replicas) this.bringUp(replica);
  }

  /** The answer of the first replica that has one; undefined when none has, so that the primary must be asked. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<{ value: T } | undefined> {
    const count = this.replicas.length;
    this.turn += 1;
    for (let offset = 0; offset < count; offset += 1) {
      const replica = this.replicas[(this.turn + offset) % count];
      if (replica?.state === 'down' && Date.now() >= replica.retryAt) this.bringUp(replica);
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
    await Promise.all(this.replicas.filter(({ pool }) => pool.isInitialized).map(({ pool }) => pool.destroy()));
  }

  private bringUp(replica: Replica): void {
    replica.state = 'connecting';
    const connected = replica.pool.isInitialized ? replica.pool.query('SELECT 1') : replica.pool.initialize();
    connected.then(
      () => (this.closed ? void replica.pool.destroy() : (replica.state = 'up')),
      () => this.takeDown(replica),
    );
  }

  private takeDown(replica: Replica): void {
    replica.state = 'down';
    replica.retryAt = Date.now() + RESTORE_AFTER_MS;
  }
}
