import type { EntityManager } from 'typeorm';
import { loseAgain, roomOf, writeLongTrail } from '../../../load/bench/recover/long-trail';
import { recordStatements, wholeTableReads } from '../../../load/bench/recover/plans';
import { AdmissionEntity } from '../../../src/admission/admission.entity';
import { AdmissionProjection } from '../../../src/admission/admission-projection';
import type { Database } from '../../../src/database/database';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { StudentEntity } from '../../../src/identity/student.entity';
import type { LineEvent, LineRef } from '../../../src/line/line-store';
import { MemoryLineStore } from '../../../src/line/memory/memory-line-store';
import { PositionIndex } from '../../../src/line/position-index';
import { ROOM_ENTITIES } from '../../../src/room/room.module';
import { Recovery } from '../../../src/trail/recovery';
import { verifyStored } from '../../../src/trail/trail-reader';
import { studentsOf, toTrailRow } from '../../../src/trail/trail-rows';
import { writeRows } from '../../../src/trail/trail-table';
import { TRAIL_ENTITIES } from '../../../src/trail/trail.module';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';

const ENTITIES = [...TRAIL_ENTITIES, ...ROOM_ENTITIES, StudentEntity, AdmissionEntity];
/** More events than three pages, more tickets than two. */
const SIZE = { living: 1_200, events: 18_000 };
const report = () => ({ podId: 'pod', sequence: 0, server: '', number: 0, latest: 0 });

describe.each(TESTED_DATABASES)('a long trail on %s', (kind) => {
  let home: Home;
  let database: Database;
  let students: StudentDirectory;
  let statements: ReadonlyMap<string, unknown[]>;
  const room = roomOf(`long-${kind}`);
  const lost: LineRef = { roomId: room.id, epoch: 1, incarnation: `lost-${room.id}` };

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await database.migrate();
    await writeLongTrail(database, room, SIZE);
    students = new StudentDirectory(database);
    statements = recordStatements(database);
  });
  afterAll(() => home.remove());

  const record = (events: LineEvent[]): Promise<void> =>
    database.write(async (manager) => {
      const pseudonyms = await students.pseudonyms(manager, studentsOf(events));
      const rows = events.map((event) => toTrailRow(room.id, lost.epoch, event, pseudonyms));
      await writeRows(manager, lost, rows);
      await new AdmissionProjection().apply(manager, lost, events);
    });

  it('is proved fair page by page', async () => {
    const found = await verifyStored((work) => database.read(work), room.id);
    expect(found).toMatchObject({ epochs: 1, events: SIZE.events, violations: [] });
    expect(found.joined - found.ended).toBe(SIZE.living);
  });

  it('takes new events without being read again, and the same ones twice', async () => {
    const event: LineEvent = { sequence: SIZE.events + 1, at: Date.now(), type: 'opened' };
    const before = new Set(statements.keys());
    await record([event]);
    const asked = [...statements.keys()].filter((sql) => !before.has(sql));
    expect(asked.filter((sql) => /^SELECT.*\btrail\b/is.test(sql))).toEqual([]);
    await record([event]);
    await expect(record([{ ...event, at: 1 }])).rejects.toThrow('knows another event');
  });

  it('brings a lost line back, with what was written while it was being read, and lets others write meanwhile', async () => {
    const store = new MemoryLineStore(() => Date.now());
    const recovery = new Recovery(store, database, students, new AdmissionProjection());
    const write = database.write.bind(database);
    const readBefore = statements.size;
    let late = false;
    database.write = async (work) => {
      if (!late) {
        late = true;
        // The long part is behind it, and nobody has been kept from writing by it.
        expect(statements.size).toBeGreaterThan(readBefore);
        const ticket = { number: 900_000, studentId: '2025-0000001' };
        await write((manager) => {
          const event: LineEvent = { sequence: SIZE.events + 2, at: 5, type: 'joined', ticketEpoch: 1, ...ticket };
          const names = new Map([[ticket.studentId, 'pseudonym-00000000001']]);
          return writeRows(manager, lost, [toTrailRow(room.id, 1, event, names)]);
        });
      }
      return write(work);
    };
    const { ref } = await recovery.ensure(room, { trusted: undefined, report });
    database.write = write;
    const { baseNumber, nextNumber, waiting } = await store.snapshot(ref);
    const index = PositionIndex.fromBitmap(baseNumber, nextNumber, waiting);
    expect(ref.epoch).toBe(2);
    expect(index.total).toBe(SIZE.living + 1);
    expect(index.numberAt(index.total)).toBe(900_000);
    await store.close();
  });

  it('is read to its end by one pod only, when another one was quicker', async () => {
    const stores = [new MemoryLineStore(() => Date.now()), new MemoryLineStore(() => Date.now())] as const;
    const [slow, quick] = stores.map((store) => new Recovery(store, database, students, new AdmissionProjection()));
    await loseAgain(database, room);
    const read = database.read.bind(database);
    let [reads, pages] = [0, 0];
    const counting = (manager: EntityManager): EntityManager =>
      new Proxy(manager, {
        get: (target, name) => {
          if (name !== 'query') return Reflect.get(target, name) as unknown;
          return (sql: string, values: unknown[]) => {
            if (/FROM trail\s/.test(sql)) pages += 1;
            return target.query(sql, values);
          };
        },
      });
    database.read = async (work, options) => {
      // The slow one knows which epoch is lost, and begins with it: the other does all of its work.
      if ((reads += 1) === 4) {
        database.read = read;
        await quick!.ensure(room, { trusted: undefined, report });
        database.read = (other, how) => read((manager) => other(counting(manager)), how);
      }
      return read((manager) => work(counting(manager)), options);
    };
    const { ref } = await slow!.ensure(room, { trusted: undefined, report });
    database.read = read;
    expect(ref.epoch).toBe(2);
    expect(pages).toBeLessThanOrEqual(1);
    for (const store of stores) await store.close();
  });

  it('is never gone through as a whole table', async () => {
    expect(statements.size).toBeGreaterThan(10);
    expect(await wholeTableReads(database, statements)).toEqual([]);
    const planted = new Map([['SELECT sequence FROM trail WHERE student = ?', ['pseudonym-00000000001']]]);
    expect(await wholeTableReads(database, planted)).toHaveLength(1);
  });
});
