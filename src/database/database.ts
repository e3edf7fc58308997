import type { EntityManager } from 'typeorm';
import { AsyncLocalStorage } from 'node:async_hooks';
import { migrations } from './migrations';
import { StoreClock } from './store-clock';

export type DatabaseKind = 'sqlite' | 'mysql';

export interface ReadOptions {
  /**
   * `replica`: any committed state will do, also a slightly old one (catalogue, lists).
   * `primary` (default): the latest committed state.
   */
  from?: 'primary' | 'replica';
}

/**
 * The one door to the truth: rooms, trail, seats, students.
 *
 * Embedded, it is an SQLite file with one connection for all writers, used by one transaction after another, and a
 * second read-only connection for all readers. Clustered, it is MySQL 8 or MariaDB with a pool.
 */
export abstract class Database {
  abstract readonly kind: DatabaseKind;

  /** The time by the database's clock, as far as it is known without asking. */
  readonly clock = new StoreClock(() => this.read((manager) => this.now(manager)));

  /**
   * Runs `work` in one transaction (READ COMMITTED on MySQL) and commits, or rolls everything back when it throws.
   * On SQLite all calls queue up behind each other, in order. On MySQL the whole of `work` is run again after a
   * deadlock, a lock wait time-out or a changed snapshot (1213, 1205, 1020), a few times with full jitter, so it must
   * not have effects outside the database.
   *
   * Never call it inside another write.
   *
   * @throws DomainError `database_unavailable` when the database cannot be reached; as `CommitUnknownError` when the
   * connection was lost during COMMIT, so that nobody knows whether it happened; `busy` when too many wait
   */
  abstract write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;

  /**
   * Runs `work` outside any transaction; it sees only committed rows, and must not write.
   *
   * @throws DomainError `database_unavailable` when the database cannot be reached
   */
  abstract read<T>(work: (manager: EntityManager) => Promise<T>, options?: ReadOptions): Promise<T>;

  /** Milliseconds since the Unix epoch by the database's clock, on the connection of `manager`. */
  abstract now(manager: EntityManager): Promise<number>;

  /** Runs the migrations that are still missing. Safe to call from several pods at once. */
  abstract migrate(): Promise<void>;

  /**
   * The migrations that `migrate()` would run, by name, oldest first. Changes nothing.
   *
   * @throws DomainError `database_unavailable` when the database cannot be reached
   */
  async missingMigrations(): Promise<string[]> {
    const tables =
      this.kind === 'sqlite'
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
        : "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'migrations'";
    const run = await this.read(async (manager) => {
      const [found] = await manager.query<unknown[]>(tables);
      return found === undefined ? [] : manager.query<{ name: string }[]>('SELECT name FROM migrations');
    });
    const known = new Set(run.map(({ name }) => name));
    return migrations.map(({ name }) => name).filter((name) => !known.has(name));
  }

  abstract close(): Promise<void>;
}

const scopes = new AsyncLocalStorage<{ active: boolean }>();

/**
 * Runs `work` as the inside of a write. A write inside a write would wait for itself for ever on SQLite, and for its own
 * row locks on MySQL: it is a mistake in the program and throws at once.
 */
export async function asWrite<T>(work: () => Promise<T>): Promise<T> {
  if (scopes.getStore()?.active) throw new Error('a database write was started inside another one');
  const scope = { active: true };
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.active = false;
  }
}
