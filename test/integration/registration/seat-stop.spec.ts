import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Database } from '../../../src/database/database';
import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { SeatSweep } from '../../../src/registration/ledger/seat-sweep';
import { SeatStops } from '../../../src/registration/operators/seat-stops';
import { waitFor } from '../../../load/support/wait-for';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import {
  accept,
  addSections,
  addStudents,
  commit,
  configure,
  drop,
  ENTITIES,
  inShort,
  join,
  leave,
  makeLedger,
  makeTerm,
  override,
  sheetOf,
  ShiftedDatabase,
  swap,
  TERM,
} from './support';

// Stops are logged.
Logger.overrideLogger(false);

const ACT = { operator: 'kim', note: 'The catalogue is wrong.' };

/** Keeps a batch that has decided from committing until it is told to. */
class HeldDatabase extends ShiftedDatabase {
  go: () => void = () => undefined;
  private readonly gate = new Promise<void>((resolve) => (this.go = resolve));
  /** Its batch holds all locks. */
  isHolding = false;

  override write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return super.write(async (manager) => {
      const result = await work(manager);
      this.isHolding = true;
      await this.gate;
      return result;
    });
  }
}

describe.each(TESTED_DATABASES)('the stop of all seat changes on %s', (kind) => {
  let home: Home;
  let database: ShiftedDatabase;
  let other: Database;
  let ledger: SeatLedger;
  let stops: SeatStops;
  let sweep: SeatSweep;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = new ShiftedDatabase(await home.open(ENTITIES));
    await makeTerm(database, []);
    other = await home.open(ENTITIES);
    ledger = makeLedger(database);
    stops = new SeatStops(database);
    sweep = new SeatSweep(database, ledger);
  });

  afterAll(() => home.remove());
  afterEach(() => stops.start(TERM, ACT));

  const submit = async (request: Parameters<SeatLedger['submit']>[0]): Promise<string[]> =>
    inShort(await ledger.submit(request));

  /** One seat, taken; one student waits. */
  const fullSection = async (id: string): Promise<[string, string, string]> => {
    await addSections(database, [{ id, capacity: 1 }]);
    const students = (await addStudents(database, 3, `${id}-`)) as [string, string, string];
    expect(await submit(commit(students[0], [id]))).toEqual(['enrolled']);
    expect(await submit(join(students[1], [id]))).toEqual(['waitlisted']);
    return students;
  };

  it('refuses whatever a student asks, on every pod, says why, and keeps no answer to it', async () => {
    const [first, second, third] = await fullSection('a');
    await addSections(database, [{ id: 'a-free', capacity: 5 }]);
    const before = commit(third, ['a-free']);
    await ledger.submit(before);
    await stops.stop(TERM, ACT);
    const asked = commit(second, ['a-free']);
    const requests = [
      ...[asked, drop(first, ['a']), swap(first, 'a', 'a-free')],
      ...[join(third, ['a']), leave(second, ['a']), accept(second, ['a'])],
    ];
    for (const pod of [ledger, makeLedger(other)]) {
      for (const request of requests) {
        await expect(pod.submit(request)).rejects.toMatchObject({
          code: 'seats_stopped',
          details: { reason: ACT.note },
        });
      }
      expect(inShort(await pod.submit(before))).toEqual(['enrolled']);
    }
    expect(await sheetOf(database, 'a')).toMatchObject({ students: [first], list: [second] });
    await stops.start(TERM, ACT);
    expect(await submit(asked)).toEqual(['enrolled']);
  });

  it('lets operators act, and gives nothing to those who wait until it is over', async () => {
    const [first, second] = await fullSection('b');
    await stops.stop(TERM, ACT);
    const [guest] = (await addStudents(database, 1, 'b-guest')) as [string];
    expect(await submit(override(guest, 'b'))).toEqual(['enrolled']);
    expect(await submit(configure('b', { capacity: 3 }))).toEqual(['changed']);
    await ledger.idle();
    database.offsetMs += 60_000;
    expect(await sweep.once()).toBe(0);
    expect(await sheetOf(database, 'b')).toMatchObject({ students: [first, guest], list: [second], held: 1 });
    await stops.start(TERM, ACT);
    expect(await sweep.once()).toBe(1);
    expect(await sheetOf(database, 'b')).toMatchObject({ students: [first, second, guest].sort(), list: [], held: 0 });
  });

  it('takes nothing of the time of an open offer', async () => {
    const [first, second] = await fullSection('c');
    await ledger.submit(configure('c', { policy: { waitlist: 'offer', offerSeconds: 60 } }));
    await ledger.submit(drop(first, ['c']));
    await ledger.idle();
    await stops.stop(TERM, ACT);
    database.offsetMs += 600_000;
    await sweep.once();
    expect((await sheetOf(database, 'c')).list).toEqual([`${second} offered`]);
    await stops.start(TERM, ACT);
    await sweep.once();
    expect(await submit(accept(second, ['c']))).toEqual(['enrolled']);
  });

  it('is told to whoever listens, also on another pod, and written down with who did it and why', async () => {
    const heard: string[] = [];
    const elsewhere = new SeatStops(other);
    elsewhere.onChanged((all) => heard.push(all.map(({ termId, reason }) => `${termId}: ${reason}`).join()));
    await stops.stop(TERM, ACT);
    await elsewhere.refresh();
    await stops.stop(TERM, { operator: 'lee', note: 'Still wrong.' });
    await elsewhere.refresh();
    await elsewhere.refresh();
    await stops.start(TERM, { operator: 'lee', note: 'Mended.' });
    await elsewhere.refresh();
    expect(heard).toEqual([`${TERM}: ${ACT.note}`, `${TERM}: Still wrong.`, '']);
    const acts = await database.read((manager) =>
      manager.query<object[]>('SELECT act, operator, note FROM seat_act WHERE section_id IS NULL ORDER BY done_at'),
    );
    expect(acts.slice(-3)).toEqual([
      { act: 'stop', operator: 'kim', note: ACT.note },
      { act: 'stop', operator: 'lee', note: 'Still wrong.' },
      { act: 'start', operator: 'lee', note: 'Mended.' },
    ]);
  });

  it('is refused for a term that there is not', async () => {
    await expect(stops.stop('nowhere', ACT)).rejects.toMatchObject({ code: 'not_found' });
    await expect(stops.start('nowhere', ACT)).rejects.toMatchObject({ code: 'not_found' });
  });

  if (kind !== 'sqlite') {
    it('is answered when nothing that began before it is under way any more', async () => {
      await addSections(database, [{ id: 'd', capacity: 1 }]);
      const [student] = (await addStudents(database, 1, 'd-')) as [string];
      const held = new HeldDatabase(other);
      let isAnswered = false;
      const taking = makeLedger(held).submit(commit(student, ['d']));
      await waitFor(() => held.isHolding, { what: 'the batch to hold its locks' });
      const stopping = stops.stop(TERM, ACT).then(() => (isAnswered = true));
      await waitFor(async () => (await stops.of(TERM)) !== undefined, { what: 'the stop to be in force' });
      expect(isAnswered).toBe(false);
      held.go();
      expect(inShort(await taking)).toEqual(['enrolled']);
      await stopping;
    });
  }
});
