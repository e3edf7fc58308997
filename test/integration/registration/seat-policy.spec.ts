import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { purgeSeatRequests, SeatSweep } from '../../../src/registration/ledger/seat-sweep';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import {
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
  override,
  setTermPolicy,
  sheetOf,
  ShiftedDatabase,
  swap,
} from './support';

describe.each(TESTED_DATABASES)('the policies of seats on %s', (kind) => {
  let home: Home;
  let database: ShiftedDatabase;
  let ledger: SeatLedger;
  let sweep: SeatSweep;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = new ShiftedDatabase(await home.open(ENTITIES));
    await makeTerm(database, []);
    ledger = makeLedger(database);
    sweep = new SeatSweep(database, ledger);
  });

  afterAll(() => home.remove());

  const submit = async (request: Parameters<SeatLedger['submit']>[0]): Promise<string[]> =>
    inShort(await ledger.submit(request));

  const atRest = (): Promise<void> => ledger.idle();

  it('keep a seat for the delay that was set, over a restart, and then leave it to everybody', async () => {
    await addSections(database, [{ id: 'a', capacity: 1 }]);
    await addStudents(database, 2, 'a-');
    await ledger.submit(
      configure('a', { policy: { release: { when: 'after_delay', minSeconds: 180, maxSeconds: 300 } } }),
    );
    await ledger.submit(commit('a-0', ['a']));
    expect(await submit(drop('a-0', ['a']))).toEqual(['dropped']);
    expect(await submit(commit('a-1', ['a']))).toEqual(['section_full']);
    database.offsetMs += 239_000;
    expect(await sweep.once()).toBe(0);
    database.offsetMs += 2_000;
    const afterRestart = new SeatSweep(database, makeLedger(database));
    expect(await afterRestart.once()).toBe(1);
    expect(await sheetOf(database, 'a')).toMatchObject({ held: 0, holds: [] });
    expect(await submit(commit('a-1', ['a']))).toEqual(['enrolled']);
  });

  it('give a seat that is let go to who has begun to wait in the meantime', async () => {
    await addSections(database, [{ id: 'b', capacity: 1 }]);
    await addStudents(database, 2, 'b-');
    await ledger.submit(
      configure('b', { policy: { release: { when: 'after_delay', minSeconds: 60, maxSeconds: 60 } } }),
    );
    await ledger.submit(commit('b-0', ['b']));
    await ledger.submit(drop('b-0', ['b']));
    expect(await submit(join('b-1', ['b']))).toEqual(['waitlisted']);
    await atRest();
    expect(await sheetOf(database, 'b')).toMatchObject({ held: 1, list: ['b-1'] });
    database.offsetMs += 61_000;
    expect(await sweep.once()).toBe(1);
    expect(await sheetOf(database, 'b')).toMatchObject({ held: 0, students: ['b-1'], list: [] });
  });

  it('block drops and swaps in their hours and from their deadline on, and name no moment that is blocked again', async () => {
    await addSections(database, [
      { id: 'c', capacity: 1 },
      { id: 'c2', capacity: 1 },
    ]);
    await addStudents(database, 1, 'c-');
    await ledger.submit(commit('c-0', ['c']));
    await ledger.submit(configure('c', { policy: { dropBlocked: [{ from: '00:00', to: '24:00' }] } }));
    const [refused] = await ledger.submit(drop('c-0', ['c']));
    expect(refused?.error).toMatchObject({ code: 'drop_blocked', details: {} });
    expect(refused?.error?.details).not.toHaveProperty('until');
    expect(await submit(swap('c-0', 'c', 'c2'))).toEqual(['drop_blocked', 'drop_blocked']);
    expect((await sheetOf(database, 'c')).students).toEqual(['c-0']);
    const dropUntil = Date.now() - 1_000;
    await ledger.submit(configure('c', { policy: { dropBlocked: null, dropUntil } }));
    const [late] = await ledger.submit(drop('c-0', ['c']));
    expect(late?.error).toMatchObject({ code: 'drop_closed', details: { closedAt: dropUntil } });
    expect(await submit(swap('c-0', 'c', 'c2'))).toEqual(['drop_closed', 'drop_closed']);
    await ledger.submit(configure('c', { policy: { dropUntil: null } }));
    expect(await submit(drop('c-0', ['c']))).toEqual(['dropped']);
  });

  it('limit seats per class year only where the term says so', async () => {
    await addSections(database, [{ id: 'd', capacity: 9, classYearLimits: { junior: 1, firstyear: 0 } }]);
    await addStudents(database, 3, 'd-j', 'Junior');
    await addStudents(database, 2, 'd-f', '1');
    await addStudents(database, 1, 'd-x');
    expect(await submit(commit('d-f1', ['d']))).toEqual(['enrolled']);
    await setTermPolicy(database, { classYearLimits: true });
    const answers = await Promise.all(['d-j0', 'd-j1', 'd-f0', 'd-x0'].map((id) => submit(commit(id, ['d']))));
    expect(answers).toEqual([['enrolled'], ['class_year_full'], ['class_year_refused'], ['enrolled']]);
    expect(await submit(join('d-j1', ['d']))).toEqual(['waitlisted']);
    await ledger.submit(drop('d-x0', ['d']));
    await atRest();
    expect((await sheetOf(database, 'd')).list).toEqual(['d-j1']);
    await ledger.submit(drop('d-j0', ['d']));
    await atRest();
    expect(await sheetOf(database, 'd')).toMatchObject({ students: ['d-f1', 'd-j1'], list: [], held: 0 });
    await setTermPolicy(database, {});
  });

  it('open registration for each class year in its window, by the clock of the database', async () => {
    await addSections(database, [{ id: 'e', capacity: 9 }]);
    await addStudents(database, 1, 'e-s', 'senior');
    await addStudents(database, 1, 'e-j', 'junior');
    const now = Date.now() + database.offsetMs;
    await setTermPolicy(database, {
      windows: { senior: { until: now + 600_000 }, junior: { from: now + 600_000 }, other: { from: now } },
    });
    const ask = () => Promise.all([submit(commit('e-s0', ['e'])), submit(commit('e-j0', ['e']))]);
    expect(await ask()).toEqual([['enrolled'], ['window_not_open']]);
    await ledger.submit(drop('e-s0', ['e']));
    database.offsetMs += 601_000;
    expect(await ask()).toEqual([['window_closed'], ['enrolled']]);
    await setTermPolicy(database, {});
  });

  it('raise a capacity for those who wait first', async () => {
    await addSections(database, [{ id: 'f', capacity: 1 }]);
    const students = await addStudents(database, 4, 'f-');
    await ledger.submit(commit('f-0', ['f']));
    for (const id of students.slice(1, 3)) await ledger.submit(join(id, ['f']));
    const answers = await Promise.all([submit(configure('f', { capacity: 2 })), submit(commit('f-3', ['f']))]);
    expect(answers).toEqual([['changed'], ['section_full']]);
    await atRest();
    expect(await sheetOf(database, 'f')).toMatchObject({ taken: 2, held: 0, students: ['f-0', 'f-1'], list: ['f-2'] });
    await ledger.submit(configure('f', { capacity: 5 }));
    expect(await submit(commit('f-3', ['f']))).toEqual(['enrolled']);
    await atRest();
    expect(await sheetOf(database, 'f')).toMatchObject({ taken: 4, held: 0, list: [] });
  });

  it('never lower a capacity below what is in use without saying so, and throw nobody out', async () => {
    await addSections(database, [{ id: 'g', capacity: 3 }]);
    const students = await addStudents(database, 4, 'g-');
    for (const id of students.slice(0, 3)) await ledger.submit(commit(id, ['g']));
    await ledger.submit(join('g-3', ['g']));
    const [refused] = await ledger.submit(configure('g', { capacity: 1 }));
    expect(refused?.error).toMatchObject({ code: 'capacity_below_taken', details: { lowest: 3, taken: 3 } });
    expect(await submit(configure('g', { capacity: 1, force: true }))).toEqual(['changed']);
    expect(await sheetOf(database, 'g')).toMatchObject({ capacity: 1, taken: 3, overrides: 2 });
    await ledger.submit(drop('g-0', ['g']));
    await ledger.submit(drop('g-1', ['g']));
    await atRest();
    expect(await sheetOf(database, 'g')).toMatchObject({ taken: 1, overrides: 0, held: 0, list: ['g-3'] });
    await ledger.submit(drop('g-2', ['g']));
    await atRest();
    expect(await sheetOf(database, 'g')).toMatchObject({ taken: 1, students: ['g-3'], list: [] });
  });

  it('enrol beyond the capacity by an operator, counted apart and written down with the reason', async () => {
    await addSections(database, [
      { id: 'h', capacity: 1, meetings: [[4, 540, 600]] },
      { id: 'h0', capacity: 0, meetings: [[4, 540, 600]] },
    ]);
    await addStudents(database, 4, 'h-');
    await ledger.submit(commit('h-0', ['h']));
    expect(await submit(override('h-1', 'h'))).toEqual(['enrolled']);
    expect(await submit(override('h-1', 'h'))).toEqual(['already_enrolled']);
    expect(await submit(override('h-2', 'h0'))).toEqual(['enrolled']);
    expect(await submit(override('h-2', 'h'))).toEqual(['time_conflict']);
    await expect(ledger.submit(override('stranger', 'h'))).rejects.toMatchObject({ code: 'not_on_roster' });
    expect(await sheetOf(database, 'h')).toMatchObject({ capacity: 1, taken: 2, overrides: 1 });
    expect(await sheetOf(database, 'h0')).toMatchObject({ capacity: 0, taken: 1, overrides: 1 });
    const acts = await database.read((manager) =>
      manager.query<unknown[]>(
        "SELECT operator, note, student_id AS student, act AS act FROM seat_act WHERE section_id = 'h'",
      ),
    );
    expect(acts).toEqual([{ operator: 'kim', note: 'accommodation', student: 'h-1', act: 'override' }]);
    await ledger.submit(drop('h-0', ['h']));
    expect(await sheetOf(database, 'h')).toMatchObject({ taken: 1, overrides: 0 });
    expect(await submit(commit('h-3', ['h']))).toEqual(['section_full']);
  });

  it('forget answers after a week, and not before', async () => {
    await addSections(database, [{ id: 'i', capacity: 9 }]);
    await addStudents(database, 1, 'i-');
    const request = commit('i-0', ['i']);
    await ledger.submit(request);
    await purgeSeatRequests(database);
    expect(await submit(request)).toEqual(['enrolled']);
    database.offsetMs += 8 * 24 * 3_600_000;
    expect(await purgeSeatRequests(database)).toBeGreaterThan(0);
    expect(await submit(request)).toEqual(['already_enrolled']);
  });
});
