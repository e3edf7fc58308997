import { bulkInsert } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { CatalogueImport } from '../../../src/registration/catalogue/import/catalogue-import';
import { EnrolmentEvents } from '../../../src/registration/ports';
import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { OutboxTable } from '../../../src/notice/outbox';
import { OutboxEntity } from '../../../src/notice/outbox.entity';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import type { EnrolmentChange } from '../../../src/registration/seats/seat-news';
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
  makeLedger,
  makeTerm,
  noticesOf,
  setTermPolicy,
  sheetOf,
  swap,
  TERM,
} from './support';

const HEADER = 'clbid,department,number,section,type,name,credits,max,offerings';

/** A file of the term that has the sections of these capacities. */
const csvOf = (capacities: Record<string, number>): string =>
  [HEADER, ...Object.entries(capacities).map(([id, max]) => `${id},T,${id},,Lecture,${id},1.0,${max},`)].join('\n');

type Close = (database: Database, ledger: SeatLedger, id: string) => Promise<EnrolmentChange[]>;

const imported =
  (csv: string, options: object): Close =>
  async (database) =>
    (await CatalogueImport.run(database, csv, TERM, { outbox: new OutboxTable(), ...options })).changes;

const byOperator: Close = async (_, ledger, id) => {
  expect(inShort(await ledger.submit(configure(id, { capacity: 0, force: true })))).toEqual(['changed']);
  return [];
};

describe.each(TESTED_DATABASES)('a section that is closed or cancelled, on %s', (kind) => {
  let home: Home;
  let database: Database;
  let ledger: SeatLedger;
  const heard: EnrolmentChange[] = [];

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open([...ENTITIES, OutboxEntity]);
    await makeTerm(database, [{ id: 'other', capacity: 5 }]);
    const events = new EnrolmentEvents();
    events.subscribe(({ changes }) => heard.push(...changes));
    ledger = makeLedger(database, { events, outbox: new OutboxTable() });
  });

  afterAll(() => home.remove());

  const ask = async (request: Parameters<SeatLedger['submit']>[0]): Promise<string> =>
    inShort(await ledger.submit(request))[0] ?? '';

  describe.each<[how: string, id: string, close: Close, waitlist: 'promote' | 'offer']>([
    ['by a file without it', 'missing', imported(csvOf({ other: 5 }), { closeMissing: true }), 'promote'],
    ['by a file that gives it no seats', 'empty', imported(csvOf({ other: 5, empty: 0 }), {}), 'promote'],
    ['by an operator', 'operated', byOperator, 'promote'],
    ['by an operator, while a seat is offered', 'offered', byOperator, 'offer'],
    ['by a file, while a seat is offered', 'filed', imported(csvOf({ other: 5, filed: 0 }), {}), 'offer'],
  ])('%s', (_how, id, close, waitlist) => {
    let enrolled: string;
    let kept: string;
    let first: string;
    let second: string;
    let late: string;
    let told: EnrolmentChange[];

    beforeAll(async () => {
      await setTermPolicy(database, { waitlist, release: { kind: 'immediate' } });
      await addSections(database, [{ id, capacity: 2 }]);
      [enrolled = '', kept = '', first = '', second = '', late = ''] = await addStudents(database, 5, `${id}-`);
      for (const student of [enrolled, kept]) expect(await ask(commit(student, [id]))).toBe('enrolled');
      for (const student of [first, second]) expect(await ask(join(student, [id]))).toBe('waitlisted');
      if (waitlist === 'offer') {
        expect(await ask(drop(enrolled, [id]))).toBe('dropped');
        await ledger.idle();
        expect((await sheetOf(database, id)).list).toEqual([`${first} offered`, second]);
      }
      heard.length = 0;
      told = [...(await close(database, ledger, id)), ...heard];
    });

    it('takes nobody new: neither by commit, swap, wait nor offer', async () => {
      expect(await ask(commit(late, [id]))).toBe('section_closed');
      expect(await ask(join(late, [id]))).toBe('section_closed');
      expect(await ask(commit(late, ['other']))).toBe('enrolled');
      expect(inShort(await ledger.submit(swap(late, 'other', id)))).toEqual(['kept', 'section_closed']);
      expect(await ask(drop(late, ['other']))).toBe('dropped');
      expect(await ask(accept(first, [id]))).toBe('not_waitlisted');
    });

    it('keeps those who are enrolled, and tells them', async () => {
      const students = waitlist === 'offer' ? [kept] : [enrolled, kept];
      expect(await sheetOf(database, id)).toMatchObject({ capacity: 0, taken: students.length, students });
      const notices = (await noticesOf(database)).filter((notice) => notice.sectionId === id);
      expect(notices.filter((notice) => notice.kind === 'section_closed').map((notice) => notice.studentId)).toEqual(
        students,
      );
    });

    it('ends the waits, with a word to those who waited', async () => {
      expect(await sheetOf(database, id)).toMatchObject({ waiting: 0, held: 0, list: [], holds: [] });
      const notices = (await noticesOf(database)).filter((notice) => notice.sectionId === id);
      expect(
        notices
          .filter((notice) => notice.kind === 'waitlist_closed')
          .map((notice) => notice.studentId)
          .sort(),
      ).toEqual([first, second].sort());
      const news = { sectionId: id, state: 'none', by: 'operator', closed: true };
      const waits = told.filter(({ sectionId, state }) => sectionId === id && state === 'none');
      expect(waits).toMatchObject(waits.map(() => news));
      expect(waits.map(({ studentId }) => studentId).sort()).toEqual([first, second].sort());
    });

    it('gives a seat that is dropped to nobody', async () => {
      expect(await ask(drop(kept, [id]))).toBe('dropped');
      await ledger.idle();
      expect(await ask(commit(late, [id]))).toBe('section_closed');
      expect(await sheetOf(database, id)).toMatchObject({ held: 0, holds: [], list: [] });
      expect((await sheetOf(database, id)).students).not.toContain(late);
    });

    it('is open again when it gets seats', async () => {
      expect(await ask(configure(id, { capacity: 3 }))).toBe('changed');
      expect(await ask(commit(late, [id]))).toBe('enrolled');
    });
  });

  it('ends more waits than fit into one statement', async () => {
    const waits = Array.from({ length: 1_201 }, (_, index) => ({
      ...{ term_id: TERM, section_id: 'crowded', number: index + 1, student_id: `crowd-${index}` },
      ...{ state: 'waiting', open: 1, joined_at: 0, offer_expires_at: null, ended_at: null },
    }));
    await addSections(database, [{ id: 'crowded', capacity: 1 }]);
    await database.write(async (manager) => {
      await bulkInsert(manager, 'waitlist_entry', waits);
      const counts = [waits.length, waits.length, TERM, 'crowded'];
      await manager.query('UPDATE section SET waiting = ?, waitlist_number = ? WHERE term_id = ? AND id = ?', counts);
    });
    await byOperator(database, ledger, 'crowded');
    expect(await sheetOf(database, 'crowded')).toMatchObject({ waiting: 0, list: [] });
  });
});
