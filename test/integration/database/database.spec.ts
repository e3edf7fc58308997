import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Database } from '../../../src/database/database';
import { bigint, createTable, integer, varchar } from '../../../src/database/table';
import { bigintColumn } from '../../../src/database/columns';
import { type Home, makeHome, ALL_DATABASES } from './support';

@Entity('probe')
class Probe {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'int' })
  count!: number;

  @Column(bigintColumn('made_at'))
  madeAt!: number;
}

async function makeProbeTable(database: Database): Promise<void> {
  await database.write((manager) => {
    if (!manager.queryRunner) throw new Error('a write has no query runner');
    return createTable(manager.queryRunner, {
      name: 'probe',
      columns: [varchar('id', 40, { isPrimary: true }), integer('count'), bigint('made_at')],
      checks: [{ name: 'probe_count', expression: 'count <= 1000' }],
    });
  });
}

const probe = (id: string, count = 0): Probe => Object.assign(new Probe(), { id, count, madeAt: 1_763_000_000_123 });

const countOf = (database: Database, id: string): Promise<number | undefined> =>
  database.read(async (manager) => (await manager.findOneBy(Probe, { id }))?.count);

/** Lock, read, write what was read plus one: loses updates unless writers exclude each other. */
const increment = (database: Database, id: string): Promise<void> =>
  database.write(async (manager) => {
    const query = manager.createQueryBuilder(Probe, 'probe').where({ id });
    const row = await (database.kind === 'mysql' ? query.setLock('pessimistic_write') : query).getOneOrFail();
    await manager.update(Probe, { id }, { count: row.count + 1 });
  });

describe.each(ALL_DATABASES)('the database on %s', (kind) => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open([Probe]);
    await makeProbeTable(database);
  });

  afterAll(() => home.remove());

  it('commits what a write did and gives its result', async () => {
    expect(await database.write(async (manager) => (await manager.insert(Probe, probe('commit', 7)), 'done'))).toBe(
      'done',
    );
    expect(await database.read((manager) => manager.findOneBy(Probe, { id: 'commit' }))).toEqual(probe('commit', 7));
  });

  it('rolls everything back when a write throws, and goes on with the next', async () => {
    const failing = database.write(async (manager) => {
      await manager.insert(Probe, probe('rollback'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await database.write((manager) => manager.insert(Probe, probe('after')));
    expect(await countOf(database, 'rollback')).toBeUndefined();
    expect(await countOf(database, 'after')).toBe(0);
  });

  it('undoes only the failing one of writes that were asked for at the same time', async () => {
    const write = (id: string, fails = false): Promise<void> =>
      database.write(async (manager) => {
        await manager.insert(Probe, probe(id));
        if (fails) throw new Error(id);
      });
    const results = await Promise.allSettled([write('group-a'), write('group-b', true), write('group-c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await Promise.all(['a', 'b', 'c'].map((id) => countOf(database, `group-${id}`)))).toEqual([0, undefined, 0]);
  });

  it('keeps all of 200 concurrent read-then-write transactions', async () => {
    await database.write((manager) => manager.insert(Probe, probe('hot')));
    await Promise.all(Array.from({ length: 200 }, () => increment(database, 'hot')));
    expect(await countOf(database, 'hot')).toBe(200);
  });

  it('keeps those of two pods, too', async () => {
    await database.write((manager) => manager.insert(Probe, probe('shared')));
    const other = await home.open([Probe]);
    await Promise.all(Array.from({ length: 100 }, (_, index) => increment(index % 2 ? other : database, 'shared')));
    expect(await countOf(other, 'shared')).toBe(100);
  });

  it('never shows a reader what is not committed', async () => {
    const seen = await database.write(async (manager) => {
      await manager.insert(Probe, probe('uncommitted'));
      return countOf(database, 'uncommitted');
    });
    expect(seen).toBeUndefined();
    expect(await countOf(database, 'uncommitted')).toBe(0);
  });

  it('refuses a write inside a write instead of waiting for itself for ever', async () => {
    const nested = database.write(() => database.write((manager) => manager.insert(Probe, probe('nested'))));
    await expect(nested).rejects.toThrow('inside another');
  });

  it('compares text byte by byte', async () => {
    await database.write((manager) => manager.insert(Probe, [probe('Case', 1), probe('case', 2), probe('cäse', 3)]));
    expect(await Promise.all(['Case', 'case', 'cäse', 'case '].map((id) => countOf(database, id)))).toEqual([
      1,
      2,
      3,
      ...(kind === 'sqlite' ? [undefined] : [2]),
    ]);
  });

  it('holds to a CHECK', async () => {
    await expect(database.write((manager) => manager.insert(Probe, probe('check', 1_001)))).rejects.toThrow(
      /constraint/i,
    );
  });

  it('tells the time by its own clock', async () => {
    const before = Date.now();
    const now = await database.read((manager) => database.now(manager));
    expect(Number.isInteger(now)).toBe(true);
    expect(Math.abs(now - before)).toBeLessThan(60_000);
  });

  it('migrates from several pods at once, each migration once', async () => {
    const pods = await Promise.all([home.open([Probe]), home.open([Probe])]);
    await Promise.all([database, ...pods].map((pod) => pod.migrate()));
    await database.migrate();
    const rows = await database.read((manager) => manager.query<{ name: string }[]>('SELECT name FROM migrations'));
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
});
