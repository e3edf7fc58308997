import { Logger, type INestApplication } from '@nestjs/common';
import { createRoomSchema } from '../../../src/contract/operate/rooms';
import { bulkInsert } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { loadConfig } from '../../../src/config/load-config';
import { CatalogueService } from '../../../src/registration/catalogue/catalogue.service';
import { demoCatalogue } from '../../../src/registration/catalogue/import/demo-term';
import { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { SeatSweep } from '../../../src/registration/ledger/seat-sweep';
import { type Room } from '../../../src/room/room';
import { RoomEntity, RoomVersionEntity } from '../../../src/room/room.entity';
import { RoomService } from '../../../src/room/room.service';
import { insertRoom } from '../../../src/room/room-table';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { type Answer, askJson, startRegistrationApp } from './app';
import {
  addSections,
  addStudents,
  commit,
  ENTITIES,
  inShort,
  join,
  makeLedger,
  makeTerm,
  sheetOf,
  TERM,
} from './support';

// What becomes of terms is logged.
Logger.overrideLogger(false);

const NOTE = { note: 'The term is over.' };
/** More than one batch of the deletion. */
const CARTS = 1_100;

const ROOM: Room = {
  ...{ id: 'room', termId: TERM, site: false, name: 'Room', version: 1, control: 'closed', opensAt: 0 },
  ...{ ratePerSecond: 1, capacity: 1, leaseMs: 1, graceMs: 1, graceBeforeOpening: false, noShowMs: 1 },
  ...{ lotterySeed: '', notice: '', nonce: 'a', createdAt: 0, archivedAt: 0 },
};

describe.each(TESTED_DATABASES)('the end of a term on %s', (kind) => {
  let home: Home;
  let database: Database;
  let app: INestApplication;
  let origin: string;
  /** Of another pod. */
  let ledger: SeatLedger;

  beforeAll(async () => {
    home = await makeHome(kind);
    const entities = [...ENTITIES, RoomEntity, RoomVersionEntity];
    database = await home.open(entities);
    await makeTerm(database, [{ id: 'a', capacity: 1, meetings: [[1, 540, 600]] }], 3);
    ({ app, origin } = await startRegistrationApp(database));
    ledger = makeLedger(await home.open(entities));
    expect(inShort(await ledger.submit(commit('s0', ['a'])))).toEqual(['enrolled']);
    expect(inShort(await ledger.submit(join('s1', ['a'])))).toEqual(['waitlisted']);
  });

  afterAll(async () => {
    await app.get(SeatLedger).close();
    await app.close();
    await home.remove();
  });

  const ask = (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> =>
    askJson(`${origin}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'key', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const operate = (method: string, path: string, body?: unknown) => ask(method, path, { operator: 'kim' }, body);
  const term = (method: string, path = '', body: unknown = NOTE) =>
    operate(method, `/operator/terms/${TERM}${path}`, method === 'GET' ? undefined : body);
  const codeOf = ({ body }: Answer): unknown => (body.error as { code?: string } | undefined)?.code ?? 'none';
  const bodyOf = async (path: string): Promise<unknown> => (await ask('GET', path, {})).body;
  const importTerm = async (query = ''): Promise<Answer> =>
    askJson(`${origin}/api/operator/terms/${TERM}/import${query}`, {
      method: 'POST',
      headers: { operator: 'kim', 'content-type': 'text/csv' },
      body: (await demoCatalogue()).split('\n').slice(0, 3).join('\n'),
    });
  const exported = async (file: string): Promise<string[]> => {
    const response = await fetch(`${origin}/api/operator/terms/${TERM}/${file}`, { headers: { operator: 'kim' } });
    return (await response.text()).trim().split(/\r?\n/);
  };
  const archive = async (): Promise<void> => {
    await database.write((manager) => manager.update(RoomEntity, { termId: TERM }, { archivedAt: 1 }));
    expect(await term('POST', '/archive')).toMatchObject({ status: 200, body: { id: TERM } });
  };
  const restore = () => term('POST', '/restore');
  const rowsOf = (table: string): Promise<number> =>
    database.read(async (manager) => {
      const [row] = await manager.query<{ count: string | number }[]>(
        `SELECT COUNT(*) AS count FROM ${table} WHERE ${table === 'term' ? 'id' : 'term_id'} = ?`,
        [TERM],
      );
      return Number(row?.count);
    });

  it('is refused while a room leads to it, names the rooms, and asks for a reason', async () => {
    await database.write((manager) => insertRoom(manager, ROOM, { by: 'kim', at: 0 }));
    await database.write((manager) => insertRoom(manager, { ...ROOM, id: 'site', site: true }, { by: 'kim', at: 0 }));
    const answer = await term('POST', '/archive');
    expect([answer.status, codeOf(answer)]).toEqual([409, 'conflict']);
    expect(answer.body).toMatchObject({ error: { details: { roomIds: ['room'] } } });
    expect(codeOf(await term('POST', '/archive', {}))).toBe('invalid_input');
    expect(codeOf(await operate('POST', '/operator/terms/none/archive', NOTE))).toBe('not_found');
    expect(await bodyOf('/terms')).toMatchObject({ terms: [{ id: TERM }] });
  });

  it('hides it from students in lists and search, and operators see it with the time', async () => {
    expect(await bodyOf(`/terms/${TERM}/sections`)).toMatchObject({ total: 1 });
    await archive();
    expect(await bodyOf('/terms')).toEqual({ terms: [] });
    expect(await bodyOf(`/terms/${TERM}/sections`)).toMatchObject({ sections: [], total: 0 });
    expect(await bodyOf(`/terms/${TERM}/departments`)).toMatchObject({ departments: [] });
    expect(codeOf(await ask('GET', `/terms/${TERM}/window`, { student: 's0' }))).toBe('not_found');
    expect((await operate('GET', '/operator/terms')).body).toEqual({
      terms: [{ id: TERM, name: 'Test', archivedAt: expect.any(Number) as number, deletingSince: null }],
    });
    await restore();
    expect(await bodyOf('/terms')).toMatchObject({ terms: [{ id: TERM }] });
    expect(await bodyOf(`/terms/${TERM}/sections`)).toMatchObject({ total: 1 });
  });

  it('keeps every seat as it is, on every pod and for operators, too, until it is restored', async () => {
    await addSections(database, [{ id: 'b', capacity: 5 }]);
    await archive();
    const asked = commit('s2', ['b']);
    const drop = { ...commit('s0', ['a']), kind: 'drop' as const };
    for (const request of [asked, drop, join('s2', ['a'])]) {
      await expect(ledger.submit(request)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(codeOf(await ask('PUT', `/terms/${TERM}/cart`, { student: 's2' }, { version: 0, sectionIds: ['b'] }))).toBe(
      'not_found',
    );
    const refused = await Promise.all([
      term('PATCH', '/sections/a', { capacity: 9, ...NOTE }),
      term('POST', '/sections/b/enrolments', { studentId: 's2', ...NOTE }),
      term('PATCH', '/policy', { creditLimit: 9, ...NOTE }),
      term('PUT', '/credit-limits/s2', { creditLimit: 9, ...NOTE }),
      term('POST', '/stop', { reason: 'late' }),
      importTerm(),
      importTerm('?dryRun=true'),
    ]);
    expect(refused.map(codeOf)).toEqual(refused.map(() => 'conflict'));
    await database.write((manager) =>
      bulkInsert(manager, 'seat_hold', [
        ...[
          {
            id: 'due',
            section_id: 'b',
            term_id: TERM,
            reason: 'release',
            student_id: null,
            due_at: 0,
            claimed_until: 0,
          },
        ],
      ]),
    );
    await database.write((manager) => manager.query("UPDATE section SET held = 1 WHERE id = 'b'"));
    const sweep = new SeatSweep(database, ledger);
    expect(await sweep.once()).toBe(0);
    await restore();
    expect(await sweep.once()).toBe(1);
    expect(inShort(await ledger.submit(asked))).toEqual(['enrolled']);
    expect(await sheetOf(database, 'a')).toMatchObject({ students: ['s0'], list: ['s1'] });
  });

  it('lets no room lead to it: none is made, and none restored', async () => {
    const rooms = new RoomService(database, loadConfig({}), app.get(CatalogueService));
    const room = createRoomSchema.parse({ id: 'late', termId: TERM, name: 'Late', opensAt: Date.now() });
    await archive();
    await expect(rooms.create(room, 'kim')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(rooms.restore(ROOM.id, 'kim', '')).rejects.toMatchObject({ code: 'conflict' });
    await restore();
    await expect(rooms.restore(ROOM.id, 'kim', '')).resolves.toMatchObject({ archivedAt: 0 });
    await expect(rooms.create(room, 'kim')).resolves.toMatchObject({ id: 'late' });
    expect(codeOf(await term('POST', '/archive'))).toBe('conflict');
  });

  it('leaves its exports as they were', async () => {
    const before = await Promise.all([exported('enrolments.csv'), exported('waitlists.csv')]);
    expect(before.map(({ length }) => length)).toEqual([3, 2]);
    await archive();
    expect(await Promise.all([exported('enrolments.csv'), exported('waitlists.csv')])).toEqual(before);
    await restore();
  });

  it('cannot be undone when its deletion has begun', async () => {
    await archive();
    await database.write((manager) => manager.query('UPDATE term SET deleting_since = 1 WHERE id = ?', [TERM]));
    expect(codeOf(await restore())).toBe('conflict');
    await database.write((manager) => manager.query('UPDATE term SET deleting_since = 0 WHERE id = ?', [TERM]));
    await restore();
  });

  it('deletes an archived one with all that is of it, says how much, and keeps who did it and why', async () => {
    const carts = Array.from({ length: CARTS }, (_, index) => ({
      ...{ student_id: `cart-${index}`, term_id: TERM, version: 1, section_ids: '[]', changed_at: 0 },
    }));
    await database.write((manager) => bulkInsert(manager, 'cart', [...carts, { ...carts[0], term_id: 'other' }]));
    await term('PUT', '/credit-limits/s2', { creditLimit: 9, ...NOTE });
    await term('POST', '/stop', { reason: 'It is over.' });
    expect(codeOf(await term('DELETE'))).toBe('conflict');
    await archive();
    const answer = await term('DELETE');
    expect(answer).toEqual({
      status: 200,
      body: {
        termId: TERM,
        deleted: {
          ...{ cart: CARTS, student_credit_limit: 1, seat_hold: 0, waitlist_entry: 1, enrolment: 2 },
          ...{ meeting: 1, section: 2, course: 2, seat_stop: 1 },
        },
      },
    });
    const { deleted } = answer.body as { deleted: object };
    for (const table of [...Object.keys(deleted), 'term']) expect([table, await rowsOf(table)]).toEqual([table, 0]);
    const left = (sql: string) => database.read((manager) => manager.query<Record<string, unknown>[]>(sql));
    expect(await left('SELECT term_id AS termId FROM cart')).toEqual([{ termId: 'other' }]);
    const [act] = await left("SELECT operator, note, details FROM seat_act WHERE act = 'delete'");
    expect(act).toMatchObject({ operator: 'kim', ...NOTE });
    expect(JSON.parse(String(act?.details))).toEqual(deleted);
    expect(codeOf(await term('DELETE'))).toBe('not_found');
  });

  it('lets another term have its id, whose meetings no pod takes for those of before', async () => {
    await addStudents(database, 1, 'new');
    expect(await importTerm()).toMatchObject({ status: 200, body: { outcome: 'imported' } });
    expect(inShort(await ledger.submit(commit('new0', ['0000162389'])))).toEqual(['enrolled']);
    await archive();
    await term('DELETE');
    await importTerm();
    const versions = await database.read((manager) =>
      manager.query<unknown[]>('SELECT version, revision FROM section ORDER BY id'),
    );
    expect(versions).toEqual([
      { version: 2_000_001, revision: 2_000_001 },
      { version: 2_000_001, revision: 2_000_001 },
    ]);
  });
});
