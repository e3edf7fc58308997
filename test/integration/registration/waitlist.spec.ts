import type { Database } from '../../../src/database/database';
import { EnrolmentEvents } from '../../../src/registration/ports';
import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { SeatSweep } from '../../../src/registration/ledger/seat-sweep';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import type { EnrolmentsChanged } from '../../../src/registration/seats/seat-news';
import {
  accept,
  addSections,
  addStudents,
  commit,
  configure,
  drop,
  ENTITIES,
  FakeAdmissions,
  FakeOutbox,
  inShort,
  join,
  leave,
  makeLedger,
  makeTerm,
  sheetOf,
  ShiftedDatabase,
  swap,
  unenrol,
} from './support';

describe.each(TESTED_DATABASES)('waitlists on %s', (kind) => {
  let home: Home;
  let database: ShiftedDatabase;
  let other: Database;
  let ledger: SeatLedger;
  let sweep: SeatSweep;
  const outbox = new FakeOutbox();
  const events = new EnrolmentEvents();
  const heard: EnrolmentsChanged[] = [];
  const admissions = new FakeAdmissions();
  const held = new Set<string>();
  const barred = (studentId: string) =>
    held.has(studentId) ? { code: 'on_hold' as const, message: 'A hold.', details: {} } : undefined;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = new ShiftedDatabase(await home.open(ENTITIES));
    await makeTerm(database, []);
    other = await home.open(ENTITIES);
    events.subscribe((event) => heard.push(event));
    ledger = makeLedger(database, { events, outbox, admissions, settings: { barred } });
    sweep = new SeatSweep(database, ledger);
  });

  afterAll(() => home.remove());

  const submit = async (request: Parameters<SeatLedger['submit']>[0]): Promise<string[]> =>
    inShort(await ledger.submit(request));

  /** What the ledger does by itself after an answer has been done. */
  const atRest = (): Promise<void> => ledger.idle();

  /** A section of that many seats, all taken, and students who wait for it in order. */
  const fullSection = async (name: string, seats: number, waiting: number): Promise<string[]> => {
    await addSections(database, [{ id: name, capacity: seats }]);
    const students = await addStudents(database, seats + waiting, `${name}-`);
    for (const id of students.slice(0, seats)) expect(await submit(commit(id, [name]))).toEqual(['enrolled']);
    for (const id of students.slice(seats)) expect(await submit(join(id, [name]))).toEqual(['waitlisted']);
    heard.length = 0;
    outbox.notices.length = 0;
    return students;
  };

  const news = (): string[] =>
    heard.flatMap(({ changes }) => changes.map(({ studentId, state, by }) => `${studentId} ${state} ${by}`));

  it('pass over whoever is held, who may neither wait, nor take or swap a seat, but may give one back', async () => {
    const students = await fullSection('hold', 1, 2);
    await addSections(database, [{ id: 'hold-too', capacity: 5 }]);
    const [seated, first, second] = students as [string, string, string];
    held.add(first);
    expect(await submit(commit(first, ['hold-too']))).toEqual(['on_hold']);
    expect(await submit(drop(seated, ['hold']))).toEqual(['dropped']);
    await atRest();
    expect(news()).toContain(`${second} enrolled promotion`);
    expect(news().join()).not.toContain(first);
    held.add(second);
    expect(await submit(swap(second, 'hold', 'hold-too'))).toContain('on_hold');
    expect(await submit(drop(second, ['hold']))).toEqual(['dropped']);
    expect(await submit(leave(first, ['hold']))).toEqual(['left']);
    expect(await submit(join(first, ['hold']))).toEqual(['on_hold']);
    held.clear();
  });

  it('end the turn of a student who was deleted meanwhile, say so, and serve the next one', async () => {
    const [seated, deleted, next] = (await fullSection('gone', 1, 2)) as [string, string, string];
    await database.write((manager) => manager.query('DELETE FROM student WHERE id = ?', [deleted]));
    expect(await submit(drop(seated, ['gone']))).toEqual(['dropped']);
    await atRest();
    expect(await sheetOf(database, 'gone')).toMatchObject({ held: 0, waiting: 0, students: [next], list: [] });
    expect(news()).toEqual([`${seated} dropped drop`, `${deleted} none promotion`, `${next} enrolled promotion`]);
  });

  it('let a seat go that only students who were deleted wait for', async () => {
    const [seated, ...deleted] = await fullSection('all-gone', 1, 20);
    await database.write((manager) =>
      manager.query("DELETE FROM student WHERE id LIKE 'all-gone-%' AND id <> ?", [seated]),
    );
    expect(await submit(drop(seated as string, ['all-gone']))).toEqual(['dropped']);
    await atRest();
    expect(await sheetOf(database, 'all-gone')).toMatchObject({ taken: 0, held: 0, waiting: 0, list: [] });
    expect(news()).toHaveLength(1 + deleted.length);
  });

  it('give positions in order, and are joined once, for full sections only, and with a living admission', async () => {
    await addSections(database, [{ id: 'a', capacity: 1 }]);
    await addStudents(database, 4, 'a-');
    expect(await submit(join('a-1', ['a']))).toEqual(['waitlist_not_needed']);
    await ledger.submit(commit('a-0', ['a']));
    expect(await ledger.submit(join('a-1', ['a']))).toEqual([{ sectionId: 'a', outcome: 'waitlisted', position: 1 }]);
    expect(await ledger.submit(join('a-2', ['a']))).toEqual([{ sectionId: 'a', outcome: 'waitlisted', position: 2 }]);
    expect(await submit(join('a-1', ['a', 'nowhere']))).toEqual(['already_waitlisted', 'section_not_found']);
    expect(await submit(join('a-0', ['a']))).toEqual(['already_enrolled']);
    admissions.lives.set('over', 'expired');
    await expect(ledger.submit({ ...join('a-3', ['a']), admission: 'over' })).rejects.toMatchObject({
      code: 'admission_expired',
    });
    expect(await sheetOf(database, 'a')).toMatchObject({ waiting: 2, list: ['a-1', 'a-2'] });
  });

  it('are left, and joined again at the end', async () => {
    await fullSection('b', 1, 2);
    expect(await submit(leave('b-1', ['b']))).toEqual(['left']);
    expect(await submit(leave('b-1', ['b']))).toEqual(['not_waitlisted']);
    expect(await submit(join('b-1', ['b']))).toEqual(['waitlisted']);
    expect(await sheetOf(database, 'b')).toMatchObject({ waiting: 2, list: ['b-2', 'b-1'] });
  });

  it('get a dropped seat to the head, before those who asked at the same moment, and tell all', async () => {
    await fullSection('c', 2, 2);
    await addStudents(database, 1, 'c-late');
    const answers = await Promise.all([submit(drop('c-0', ['c'])), submit(commit('c-late0', ['c']))]);
    expect(answers).toEqual([['dropped'], ['section_full']]);
    await atRest();
    expect(await sheetOf(database, 'c')).toMatchObject({
      ...{ taken: 2, held: 0, waiting: 1, students: ['c-1', 'c-2'], list: ['c-3'], holds: [] },
    });
    expect(news()).toEqual(['c-0 dropped drop', 'c-2 enrolled promotion']);
    expect(outbox.notices.map(({ studentId, kind: told }) => `${studentId} ${told}`)).toEqual([
      'c-0 dropped',
      'c-2 promoted',
    ]);
    expect(heard.flatMap(({ sections }) => sections.map(({ left }) => left))).toEqual([0, 0]);
  });

  it('pass over who may not have the seat now, and keep that place', async () => {
    await addSections(database, [{ id: 'd-clash', capacity: 9, meetings: [[1, 540, 600]] }]);
    await addSections(database, [{ id: 'd', capacity: 1, meetings: [[1, 540, 600]] }]);
    await addStudents(database, 3, 'd-');
    await ledger.submit(commit('d-0', ['d']));
    await ledger.submit(join('d-1', ['d']));
    await ledger.submit(join('d-2', ['d']));
    await ledger.submit(commit('d-1', ['d-clash']));
    await ledger.submit(drop('d-0', ['d']));
    await atRest();
    expect(await sheetOf(database, 'd')).toMatchObject({ students: ['d-2'], list: ['d-1'], waiting: 1 });
    await ledger.submit(drop('d-2', ['d']));
    await atRest();
    expect(await sheetOf(database, 'd')).toMatchObject({ taken: 0, held: 0, students: [], list: ['d-1'] });
  });

  it('ask more students than one promotion reaches', async () => {
    await addSections(database, [{ id: 'e-clash', capacity: 99, meetings: [[2, 540, 600]] }]);
    await addSections(database, [{ id: 'e', capacity: 1, meetings: [[2, 540, 600]] }]);
    const students = await addStudents(database, 42, 'e-');
    await ledger.submit(commit('e-0', ['e']));
    for (const id of students.slice(1)) await ledger.submit(join(id, ['e']));
    await Promise.all(students.slice(1, 41).map((id) => ledger.submit(commit(id, ['e-clash']))));
    await ledger.submit(drop('e-0', ['e']));
    await atRest();
    await atRest();
    expect(await sheetOf(database, 'e')).toMatchObject({ students: ['e-41'], waiting: 40, held: 0 });
  });

  it('forget who got a seat another way', async () => {
    await fullSection('f', 1, 2);
    await ledger.submit(configure('f', { capacity: 2, policy: { waitlist: 'offer' } }));
    await atRest();
    expect((await sheetOf(database, 'f')).list).toEqual(['f-1 offered', 'f-2']);
    expect(await submit(commit('f-1', ['f']))).toEqual(['enrolled']);
    expect(await sheetOf(database, 'f')).toMatchObject({ taken: 2, held: 0, list: ['f-2'], holds: [] });
  });

  it('offer a seat where the section says so, to one student, who accepts it without an admission', async () => {
    await fullSection('g', 1, 2);
    await addStudents(database, 1, 'g-late');
    await ledger.submit(configure('g', { policy: { waitlist: 'offer', offerSeconds: 60 } }));
    await ledger.submit(drop('g-0', ['g']));
    await atRest();
    expect(await sheetOf(database, 'g')).toMatchObject({
      ...{ taken: 0, held: 1, list: ['g-1 offered', 'g-2'], waiting: 1, holds: ['offer'] },
    });
    const [, offered] = outbox.notices;
    expect(offered).toMatchObject({ studentId: 'g-1', kind: 'offered' });
    expect(Number(offered?.details.expiresAt) - Date.now()).toBeGreaterThan(30_000);
    expect(await submit(commit('g-late0', ['g']))).toEqual(['section_full']);
    expect(await submit(accept('g-2', ['g']))).toEqual(['no_offer']);
    expect(await submit(accept('g-late0', ['g']))).toEqual(['not_waitlisted']);
    expect(await submit(accept('g-1', ['g']))).toEqual(['enrolled']);
    expect(await sheetOf(database, 'g')).toMatchObject({ taken: 1, held: 0, students: ['g-1'], list: ['g-2'] });
    expect(news()).toEqual(['g-0 dropped drop', 'g-1 offered promotion', 'g-1 enrolled promotion']);
  });

  it('pass an offer on that was declined, and one that nobody accepted in time', async () => {
    await fullSection('h', 1, 3);
    await ledger.submit(configure('h', { policy: { waitlist: 'offer', offerSeconds: 60 } }));
    await ledger.submit(drop('h-0', ['h']));
    await atRest();
    expect(await submit(leave('h-1', ['h']))).toEqual(['left']);
    await atRest();
    expect((await sheetOf(database, 'h')).list).toEqual(['h-2 offered', 'h-3']);
    database.offsetMs += 61_000;
    expect(await submit(accept('h-2', ['h']))).toEqual(['offer_expired']);
    expect(await sweep.once()).toBe(1);
    await atRest();
    expect(await sheetOf(database, 'h')).toMatchObject({ held: 1, list: ['h-3 offered'], holds: ['offer'] });
    expect(outbox.notices.map(({ studentId, kind: told }) => `${studentId} ${told}`)).toContain('h-2 offer_expired');
    database.offsetMs += 61_000;
    expect(await sweep.once()).toBe(1);
    await atRest();
    expect(await sheetOf(database, 'h')).toMatchObject({ taken: 0, held: 0, list: [], holds: [] });
    expect(await sweep.once()).toBe(0);
  });

  it('get the seat of a student who swaps, and a swap never costs the old seat', async () => {
    await fullSection('i', 1, 1);
    await addSections(database, [{ id: 'i2', capacity: 1 }]);
    await addStudents(database, 1, 'i-late');
    await ledger.submit(commit('i-late0', ['i2']));
    const refused = await ledger.submit(swap('i-0', 'i', 'i2'));
    expect(refused.map(({ outcome, error }) => error?.code ?? outcome)).toEqual(['kept', 'section_full']);
    expect((await sheetOf(database, 'i')).students).toEqual(['i-0']);
    await ledger.submit(drop('i-late0', ['i2']));
    expect(await submit(swap('i-0', 'i', 'i2'))).toEqual(['dropped', 'enrolled']);
    await atRest();
    expect(await sheetOf(database, 'i')).toMatchObject({ students: ['i-1'], list: [] });
    expect((await sheetOf(database, 'i2')).students).toEqual(['i-0']);
    expect(await submit(swap('i-0', 'i', 'i2'))).toEqual(['not_enrolled', 'not_enrolled']);
  });

  it('let a student swap two sections of one course, or of one hour', async () => {
    await addSections(database, [
      { id: 'j1', capacity: 1, course: 'j', meetings: [[3, 540, 600]] },
      { id: 'j2', capacity: 1, course: 'j', meetings: [[3, 540, 600]] },
    ]);
    await addStudents(database, 1, 'j-');
    await ledger.submit(commit('j-0', ['j1']));
    const request = swap('j-0', 'j1', 'j2');
    expect(await submit(request)).toEqual(['dropped', 'enrolled']);
    expect(await submit(request)).toEqual(['dropped', 'enrolled']);
    expect((await sheetOf(database, 'j2')).students).toEqual(['j-0']);
  });

  it('are served after the ledger that owed the promotion has died', async () => {
    await fullSection('k', 1, 1);
    // A ledger that dies between the drop and its promotion leaves just this behind.
    await other.write(async (manager) => {
      await manager.query("DELETE FROM enrolment WHERE section_id = 'k'");
      await manager.query("UPDATE section SET taken = 0, held = 1 WHERE id = 'k'");
      await manager.query(
        `INSERT INTO seat_hold (id, section_id, term_id, reason, due_at, claimed_until)
         VALUES ('left behind', 'k', 'term', 'promotion', 1, 0)`,
      );
    });
    expect(await submit(commit('k-0', ['k']))).toEqual(['section_full']);
    const sweeps = [sweep, new SeatSweep(other, makeLedger(other))];
    const found = await Promise.all(sweeps.map((one) => one.once()));
    // Other tests' seats may be due by now, too.
    expect(found.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(1);
    expect(await sheetOf(database, 'k')).toMatchObject({ students: ['k-1'], held: 0, holds: [], list: [] });
  });

  it('are served with the seat that an operator takes from a student, who is told why, at any hour', async () => {
    await fullSection('m', 1, 1);
    await ledger.submit(configure('m', { policy: { dropBlocked: [{ from: '00:00', to: '24:00' }], dropUntil: 1 } }));
    expect(await submit(drop('m-0', ['m']))).toEqual(['drop_closed']);
    expect(await submit(unenrol('m-1', 'm'))).toEqual(['not_enrolled']);
    expect(await submit(unenrol('m-0', 'm'))).toEqual(['dropped']);
    await atRest();
    expect(await sheetOf(database, 'm')).toMatchObject({ taken: 1, students: ['m-1'], list: [] });
    expect(news()).toEqual(['m-0 dropped operator', 'm-1 enrolled promotion']);
    expect(outbox.notices).toMatchObject([
      { studentId: 'm-0', kind: 'dropped', details: { reason: 'no prerequisite' } },
      { studentId: 'm-1', kind: 'promoted' },
    ]);
  });

  it('are served by another pod when the one that claimed a seat does not finish', async () => {
    await fullSection('l', 1, 1);
    await ledger.submit(configure('l', { policy: { waitlist: 'offer', offerSeconds: 60 } }));
    await ledger.submit(drop('l-0', ['l']));
    await atRest();
    database.offsetMs += 61_000;
    const closed = makeLedger(database);
    await closed.close();
    await expect(new SeatSweep(database, closed).once()).rejects.toMatchObject({ code: 'draining' });
    expect(await sweep.once()).toBe(0);
    database.offsetMs += 20_000;
    expect(await sweep.once()).toBe(1);
    expect(await sheetOf(database, 'l')).toMatchObject({ held: 0, list: [], holds: [] });
  });
});
