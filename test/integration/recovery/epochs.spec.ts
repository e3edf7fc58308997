import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../src/common/domain-error';
import type { Database } from '../../../src/database/database';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { StudentEntity } from '../../../src/identity/student.entity';
import type { HeldLine, LineFollower } from '../../../src/line/epoch-provider';
import type { JoinOutcome, JoinRequest, LineEvent, LineRef } from '../../../src/line/line-store';
import { MemoryLineStore } from '../../../src/line/memory/memory-line-store';
import type { Room } from '../../../src/room/room';
import { ROOM_ENTITIES } from '../../../src/room/room.module';
import { deleteRoom, insertRoom, updateRoom } from '../../../src/room/room-table';
import { Recovery } from '../../../src/trail/recovery';
import { readEpochs } from '../../../src/trail/trail-reader';
import { studentsOf, toTrailRow } from '../../../src/trail/trail-rows';
import { holdEpoch, TrailForkError, writeRows } from '../../../src/trail/trail-table';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from '../../../src/trail/trail.entity';
import { verifyTrail } from '../../../src/trail/verify';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';

const STUDENTS = ['s1', 's2', 's3', 's4', 's5', 's6'];
/** A pod that starts: it has seen nothing. */
const NEW_POD: LineFollower = {
  trusted: undefined,
  report: () => ({ podId: 'pod', sequence: 0, server: '', number: 0, latest: 0 }),
};

/** One room whose store is lost again and again; the trail knows what the test tells it. */
class LosingRoom {
  readonly room: Room;
  now = Date.now();
  ref!: LineRef;
  /** Numbers whose admissions have ended in the database, whatever the trail says. */
  readonly finished = new Set<number>();
  private store!: MemoryLineStore;

  constructor(
    private readonly database: Database,
    private readonly students: StudentDirectory,
    id: string,
  ) {
    const times = { leaseMs: 60_000, graceMs: 10_000, noShowMs: 30_000 };
    const outflow = { version: 1, control: 'auto' as const, opensAt: 0, ratePerSecond: 10, capacity: 1 };
    const life = { nonce: 'life', createdAt: 0, archivedAt: 0, lotterySeed: '' };
    const kind = { site: false, graceBeforeOpening: false };
    this.room = { id, termId: 'term', name: id, notice: '', ...kind, ...life, ...times, ...outflow };
  }

  /** The store comes back empty, and the line is brought back. */
  async lose(): Promise<HeldLine> {
    this.store = new MemoryLineStore(() => this.now);
    const admissions = { endedAmong: () => Promise.resolve(this.finished) };
    const recovery = new Recovery(this.store, this.database, this.students, admissions);
    const held = await recovery.ensure(this.room, NEW_POD);
    this.ref = held.ref;
    await this.store.register(this.ref, 'pod');
    return held;
  }

  async join(studentId: string, presented?: JoinRequest['presented']): Promise<JoinOutcome> {
    return this.store.join(this.ref, {
      studentId,
      socket: { podId: 'pod', socketId: studentId },
      create: true,
      ...(presented && { presented }),
    });
  }

  async leave(studentId: string, number: number): Promise<void> {
    await this.store.end(this.ref, { studentId, number }, 'left');
  }

  async tick(): Promise<void> {
    await this.store.tick(this.ref, 'pod');
  }

  async events(): Promise<LineEvent[]> {
    return (await this.store.readFeed(this.ref, 0, { limit: 5_000, waitMs: 0, knownDurable: 0 })).events;
  }

  /** The trail learns everything up to now. */
  async record(change: (event: LineEvent) => LineEvent = (event) => event): Promise<void> {
    const events = (await this.events()).map(change);
    await this.database.write(async (manager) => {
      await holdEpoch(this.database, manager, this.ref);
      const pseudonyms = await this.students.pseudonyms(manager, studentsOf(events));
      const rows = events.map((event) => toTrailRow(this.room.id, this.ref.epoch, event, pseudonyms));
      await writeRows(manager, this.ref, rows);
    });
  }
}

describe.each(TESTED_DATABASES)('the epochs of a line on %s', (kind) => {
  let home: Home;
  let database: Database;
  let students: StudentDirectory;
  let line: LosingRoom;
  let rooms = 0;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open([...ROOM_ENTITIES, StudentEntity, LineEpochEntity, TrailCheckpointEntity, TrailEntity]);
    await database.migrate();
    students = new StudentDirectory(database);
    await Promise.all(STUDENTS.map((id) => students.upsert({ id, name: id, language: 'en' })));
  });
  beforeEach(async () => {
    line = new LosingRoom(database, students, `${kind}-${(rooms += 1)}`);
    await database.write((manager) => insertRoom(manager, line.room, { by: 'tester', at: 1 }));
    await line.lose();
  });
  afterAll(() => home.remove());

  const change = { by: 'tester', at: 2 };
  const putAway: [string, (manager: EntityManager, room: Room) => Promise<void>][] = [
    ['archived', (manager, room) => updateRoom(manager, { ...room, version: 2, archivedAt: 1 }, change)],
    ['deleted', (manager, room) => deleteRoom(manager, room, change)],
    ['another one', (manager, room) => updateRoom(manager, { ...room, version: 2, nonce: 'other' }, change)],
  ];
  it.each(putAway)(
    'end with the room: a pod that has not heard that it is %s begins no other one',
    async (_is, act) => {
      await database.write((manager) => act(manager, line.room));
      await expect(line.lose()).rejects.toMatchObject({ code: 'line_unavailable' });
      const epochs = await database.read((manager) => readEpochs(manager, line.room.id));
      expect(epochs.map(({ epoch }) => epoch)).toEqual([1]);
    },
  );

  it('take nobody’s place when two are lost one right after the other', async () => {
    await line.join('s1');
    await line.record();
    const lost = (await line.join('s2')).ticket!;
    await line.lose();
    await line.join('s1');
    const newcomer = (await line.join('s4')).ticket!;
    const left = (await line.join('s5')).ticket!;
    await line.leave('s5', left.number);
    await line.record();
    const unknown = (await line.join('s6')).ticket!;
    expect((await line.lose()).ref.epoch).toBe(3);

    // the ticket of the first epoch, which nobody presented to the second
    expect(await line.join('s2', lost)).toMatchObject({ outcome: 'restored', ticket: { number: lost.number } });
    expect(await line.join('s6', unknown)).toMatchObject({ outcome: 'restored', ticket: { number: unknown.number } });
    expect(await line.join('s4')).toMatchObject({ outcome: 'attached', ticket: { number: newcomer.number } });
    // a place that was given back stays so
    expect(await line.join('s5', left)).toMatchObject({ outcome: 'joined' });
    await line.record();
    const epochs = await database.read((manager) => readEpochs(manager, line.room.id));
    expect(verifyTrail(epochs).violations).toEqual([]);
  });

  it('forget a ticket that was not presented within the window', async () => {
    await line.join('s1');
    await line.record();
    const lost = (await line.join('s2')).ticket!;
    await line.lose();
    await line.join('s1');
    line.now += line.room.graceMs;
    await line.tick();
    await line.record();
    await line.lose();
    expect(await line.join('s2', lost)).toMatchObject({ outcome: 'joined' });
  });

  it('do not bring back who has finished, even when only the database knows it', async () => {
    const [first, second] = [(await line.join('s1')).ticket!, (await line.join('s2')).ticket!];
    await line.record();
    await line.tick();
    await line.record();
    expect(await line.join('s1')).toMatchObject({ ticket: { state: 'admitted' } });
    line.finished.add(first.number);
    await line.lose();
    expect(await line.join('s2')).toMatchObject({ outcome: 'attached', ticket: { number: second.number } });
    expect(await line.join('s1')).toMatchObject({ outcome: 'joined' });
  });

  it('refuse whatever comes late to a life that is over', async () => {
    await line.join('s1');
    const late = { ...line.ref };
    await line.record();
    await line.lose();
    line.ref = late;
    const refused = database.write((manager) => holdEpoch(database, manager, line.ref));
    await expect(refused).rejects.toMatchObject({ code: 'line_recovering' } satisfies Partial<DomainError>);
  });

  it('take the same events twice, and never another one under the same sequence', async () => {
    await line.join('s1');
    await line.record();
    await line.join('s2');
    await Promise.all([line.record(), line.record()]);
    const forked = line.record((event) => (event.sequence === 2 ? { ...event, at: event.at + 1 } : event));
    await expect(forked).rejects.toBeInstanceOf(TrailForkError);
    const [epoch] = await database.read((manager) => readEpochs(manager, line.room.id));
    expect([...(epoch?.events ?? [])]).toHaveLength(3);
  });
});
