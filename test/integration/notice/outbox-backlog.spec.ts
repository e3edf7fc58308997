import type { EntityManager } from 'typeorm';
import { Database, type ReadOptions } from '../../../src/database/database';
import { OutboxBacklog } from '../../../src/notice/outbox-backlog';
import { OutboxClaims } from '../../../src/notice/outbox-claims';
import { OutboxEntity } from '../../../src/notice/outbox.entity';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { addNotices, ENTITIES, keepQuiet, notice } from './support';

/** Counts what it is asked, and is away when told so. */
class WatchedDatabase extends Database {
  readonly kind;
  reads = 0;
  away = false;

  constructor(private readonly inner: Database) {
    super();
    this.kind = inner.kind;
  }

  read<T>(work: (manager: EntityManager) => Promise<T>, options?: ReadOptions): Promise<T> {
    this.reads += 1;
    return this.away ? Promise.reject(new Error('the database is away')) : this.inner.read(work, options);
  }

  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.inner.write(work);
  }

  now(manager: EntityManager): Promise<number> {
    return this.inner.now(manager);
  }

  migrate(): Promise<void> {
    return this.inner.migrate();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

describe.each(TESTED_DATABASES)('the backlog of the outbox on %s', (kind) => {
  let home: Home;
  let database: WatchedDatabase;

  beforeAll(async () => {
    keepQuiet();
    home = await makeHome(kind);
    database = new WatchedDatabase(await home.open(ENTITIES));
    await database.migrate();
  });

  afterAll(() => home.remove());

  it('is empty and of no age while there is no mail', async () => {
    expect(await new OutboxBacklog(database).read()).toEqual({
      mails: { waiting: 0, claimed: 0, parked: 0 },
      oldestWaitingMs: 0,
    });
  });

  it('counts mails by their state, and the age of the oldest that waits', async () => {
    for (const student of ['claimed', 'parked', 'sent', 'old', 'young', 'young']) {
      await addNotices(database, [notice(student, '1'), notice(student, '2')]);
    }
    const claims = new OutboxClaims(database, 60_000);
    const [, parked, sent] = await claims.claim(3);
    await claims.park(parked?.id ?? 0, 'refused');
    await claims.sent(sent?.id ?? 0);
    const createdAt = (await database.read((manager) => database.now(manager))) - 3_600_000;
    await database.write((manager) => manager.update(OutboxEntity, { studentId: 'old' }, { createdAt }));
    const found = await new OutboxBacklog(database).read();
    expect(found?.mails).toEqual({ waiting: 3, claimed: 1, parked: 1 });
    expect(found?.oldestWaitingMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it('is asked of the database once in five seconds, however often it is read', async () => {
    const backlog = new OutboxBacklog(database);
    const before = database.reads;
    await Promise.all([backlog.read(0), backlog.read(0), backlog.read(10)]);
    await backlog.read(4_999);
    expect(database.reads - before).toBe(1);
    await backlog.read(5_000);
    expect(database.reads - before).toBe(2);
  });

  it('is unknown while the database is away, and known again afterwards', async () => {
    const backlog = new OutboxBacklog(database);
    expect(await backlog.read(0)).toBeDefined();
    database.away = true;
    expect(await backlog.read(5_000)).toBeUndefined();
    database.away = false;
    expect(await backlog.read(10_000)).toBeDefined();
  });
});
