import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Database } from '../../../src/database/database';
import { EnrolmentEvents } from '../../../src/registration/ports';
import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import type { EnrolmentsChanged } from '../../../src/registration/seats/seat-news';
import {
  addSections,
  addStudents,
  commit,
  drop,
  ENTITIES,
  FakeAdmissions,
  inShort,
  makeLedger,
  makeTerm,
  override,
  seatsOf,
  ShiftedDatabase,
} from './support';

// One test makes a request fail, which is logged as an error.
Logger.overrideLogger(false);

describe.each(TESTED_DATABASES)('the seat ledger on %s', (kind) => {
  let home: Home;
  let database: Database;
  let ledger: SeatLedger;
  const admissions = new FakeAdmissions();
  const events = new EnrolmentEvents();
  const heard: EnrolmentsChanged[] = [];

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerm(database, [], 0);
    events.subscribe((event) => heard.push(event));
    ledger = makeLedger(database, { admissions, events });
  });

  afterAll(() => home.remove());

  const submit = async (request: Parameters<SeatLedger['submit']>[0]): Promise<string[]> =>
    inShort(await ledger.submit(request));

  it('enrols, answers per section in order of preference, and tells the seats left with a rising version', async () => {
    await addSections(database, [
      { id: 'a1', capacity: 2 },
      { id: 'a2', capacity: 1 },
    ]);
    await addStudents(database, 2, 'a');
    heard.length = 0;
    expect(await submit(commit('a0', ['a2', 'a1', 'nowhere']))).toEqual(['enrolled', 'enrolled', 'section_not_found']);
    expect(await submit(commit('a1', ['a2', 'a1']))).toEqual(['section_full', 'enrolled']);
    expect(heard).toEqual([
      {
        termId: 'term',
        changes: [
          { studentId: 'a0', sectionId: 'a2', state: 'enrolled', by: 'commit' },
          { studentId: 'a0', sectionId: 'a1', state: 'enrolled', by: 'commit' },
        ],
        sections: [
          { id: 'a1', left: 1, version: 2, capacity: 2 },
          { id: 'a2', left: 0, version: 2, capacity: 1 },
        ],
      },
      {
        termId: 'term',
        changes: [{ studentId: 'a1', sectionId: 'a1', state: 'enrolled', by: 'commit' }],
        sections: [{ id: 'a1', left: 0, version: 3, capacity: 2 }],
      },
    ]);
    expect(await seatsOf(database, 'a1')).toEqual({ taken: 2, enrolled: 2, version: 3 });
  });

  it('holds to the rules, also between the sections of one request and the requests of one batch', async () => {
    await addSections(database, [
      { id: 'b1', capacity: 9, course: 'b', meetings: [[1, 540, 600]] },
      { id: 'b2', capacity: 9, course: 'b', meetings: [[2, 540, 600]] },
      { id: 'b3', capacity: 9, course: 'b', type: 'Lab', meetings: [[1, 600, 660]] },
      { id: 'b4', capacity: 9, meetings: [[1, 599, 700]] },
      { id: 'b5', capacity: 9, credits: 5 },
      { id: 'b6', capacity: 0 },
    ]);
    await addStudents(database, 1, 'b');
    const answers = await Promise.all([
      submit(commit('b0', ['b1', 'b2', 'b3'])),
      submit(commit('b0', ['b4', 'b5', 'b6', 'b1'])),
    ]);
    expect(answers).toEqual([
      ['enrolled', 'same_course', 'enrolled'],
      ['time_conflict', 'credit_limit', 'section_closed', 'already_enrolled'],
    ]);
  });

  it('gives a dropped seat to the next, and drops only once', async () => {
    await addSections(database, [{ id: 'c1', capacity: 1 }]);
    await addStudents(database, 2, 'c');
    await ledger.submit(commit('c0', ['c1']));
    const answers = await Promise.all([
      submit(commit('c1', ['c1'])),
      submit(drop('c0', ['c1'])),
      submit(drop('c0', ['c1'])),
      submit(commit('c1', ['c1'])),
    ]);
    expect(answers).toEqual([['section_full'], ['dropped'], ['not_enrolled'], ['enrolled']]);
    expect(await seatsOf(database, 'c1')).toMatchObject({ taken: 1, enrolled: 1 });
  });

  it('keeps an enrolment that is dropped and taken again within one batch', async () => {
    await addSections(database, [{ id: 'd1', capacity: 1 }]);
    await addStudents(database, 1, 'd');
    await ledger.submit(commit('d0', ['d1']));
    const answers = await Promise.all([submit(drop('d0', ['d1'])), submit(commit('d0', ['d1']))]);
    expect(answers).toEqual([['dropped'], ['enrolled']]);
    expect(await seatsOf(database, 'd1')).toMatchObject({ taken: 1, enrolled: 1 });
  });

  it('answers the same request with the same key once and the same, also within a batch and on another pod', async () => {
    await addSections(database, [{ id: 'e1', capacity: 5 }]);
    await addStudents(database, 2, 'e');
    const other = makeLedger(await home.open(ENTITIES));
    const request = commit('e0', ['e1'], { idempotencyKey: 'mine' });
    const answers = await Promise.all([ledger, ledger, other, other].map((pod) => pod.submit(request)));
    expect(answers.map(inShort)).toEqual([['enrolled'], ['enrolled'], ['enrolled'], ['enrolled']]);
    await ledger.submit(drop('e0', ['e1']));
    expect(await submit(request)).toEqual(['enrolled']);
    expect(await seatsOf(database, 'e1')).toMatchObject({ taken: 0, enrolled: 0 });
    expect(await submit({ ...request, studentId: 'e1' })).toEqual(['enrolled']);
  });

  it('refuses a key that was used for another request', async () => {
    await addSections(database, [
      { id: 'f1', capacity: 5 },
      { id: 'f2', capacity: 5 },
    ]);
    await addStudents(database, 1, 'f');
    await ledger.submit(commit('f0', ['f1'], { idempotencyKey: 'once' }));
    const again = ledger.submit(commit('f0', ['f2'], { idempotencyKey: 'once' }));
    await expect(again).rejects.toMatchObject({ code: 'request_mismatch' });
    const twins = await Promise.allSettled([
      ledger.submit(commit('f0', ['f2'], { idempotencyKey: 'twice' })),
      ledger.submit(drop('f0', ['f2'], { idempotencyKey: 'twice' })),
    ]);
    expect(twins.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('grants nothing under an admission that does not live, and keeps no answer to it', async () => {
    await addSections(database, [{ id: 'g1', capacity: 5 }]);
    await addStudents(database, 1, 'g');
    admissions.lives.set('ended', 'finished').set('over', 'expired').set('forged', 'unknown');
    const under = (admission: string) => ledger.submit(commit('g0', ['g1'], { admission, idempotencyKey: 'key' }));
    await expect(under('ended')).rejects.toMatchObject({ code: 'admission_finished' });
    await expect(under('over')).rejects.toMatchObject({ code: 'admission_expired' });
    await expect(under('forged')).rejects.toMatchObject({ code: 'admission_invalid' });
    expect(inShort(await under('good'))).toEqual(['enrolled']);
    expect(await submit(drop('g0', ['g1']))).toEqual(['dropped']);
  });

  it('counts what it refuses to students, once for each request, and not what operators hear', async () => {
    await addSections(database, [
      { id: 'r1', capacity: 1 },
      { id: 'r2', capacity: 1 },
    ]);
    await addStudents(database, 2, 'r');
    const counting = makeLedger(database);
    await counting.submit(commit('r0', ['r1']));
    await counting.submit(override('r0', 'r1'));
    const request = commit('r1', ['r1', 'r2']);
    for (let time = 0; time < 3; time += 1) {
      expect(inShort(await counting.submit(request))).toEqual(['section_full', 'enrolled']);
    }
    expect(counting.figures().refused).toEqual({ section_full: 1 });
  });

  it('gives up no request because somebody has put the clock of the machine forward', async () => {
    await addSections(database, [{ id: 't1', capacity: 9 }]);
    await addStudents(database, 1, 't');
    const put = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    try {
      expect(await submit(commit('t0', ['t1'], { deadline: performance.now() + 600_000 }))).toEqual(['enrolled']);
    } finally {
      put.mockRestore();
    }
  });

  it('refuses a student whom nobody knows', async () => {
    await expect(ledger.submit(commit('stranger', ['a1']))).rejects.toMatchObject({ code: 'not_on_roster' });
  });

  it('fails a poison request alone', async () => {
    await addSections(database, [{ id: 'h1', capacity: 50 }]);
    await addStudents(database, 20, 'h');
    const tooLong = 'x'.repeat(70);
    const before = ledger.figures();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        // A value that no column takes stands for whatever a database may refuse.
        ledger.submit(commit(`h${index}`, ['h1'], index === 13 ? { admission: poison(kind, tooLong) } : {})),
      ),
    );
    const failed = answers.flatMap((answer, index) => (answer.status === 'rejected' ? [index] : []));
    expect(failed).toEqual([13]);
    expect(answers[13]).toMatchObject({ reason: { code: 'internal' } });
    expect(await seatsOf(database, 'h1')).toMatchObject({ taken: 19, enrolled: 19 });
    expect(ledger.figures().poisoned - before.poisoned).toBe(1);
  });

  it.each<[string, (section: string) => SeatLedger]>([
    ['fails for another request, and is split', () => makeLedger(database, { options: { batchSize: 2 } })],
    ['has to be run again', () => makeLedger(new UnluckyDatabase(database), { options: { batchSize: 2 } })],
  ])('gives the last seat to who came first, also when the batch of the first %s', async (what, make) => {
    const section = `order-${what.length}`;
    await addSections(database, [
      { id: section, capacity: 1 },
      { id: `${section}-other`, capacity: 9 },
    ]);
    const students = await addStudents(database, 4, `${section}-`);
    const [poisoned, first, second, third] = students as [string, string, string, string];
    const odd = what.startsWith('fails') ? { admission: poison(kind, 'x'.repeat(70)) } : {};
    const slow = make(section);
    const answers = await Promise.allSettled([
      slow.submit(commit(poisoned, [`${section}-other`], odd)),
      slow.submit(commit(first, [section])),
      slow.submit(commit(second, [section])),
      slow.submit(commit(third, [section, `${section}-other`])),
    ]);
    const told = answers.slice(1).map((answer) => (answer.status === 'fulfilled' ? inShort(answer.value) : []));
    expect(told).toEqual([['enrolled'], ['section_full'], ['section_full', 'enrolled']]);
  });

  it('lets a student have only so many requests in the queue, and an operator who acts for that student more', async () => {
    await addSections(database, [{ id: 'k1', capacity: 9 }]);
    const [greedy, other] = (await addStudents(database, 2, 'k')) as [string, string];
    const fair = makeLedger(database, { options: { studentLimit: 3 } });
    const asked = Array.from({ length: 6 }, () => fair.submit(drop(greedy, ['k1'])));
    const [byHand, others] = [fair.submit(override(greedy, 'k1')), fair.submit(commit(other, ['k1']))];
    const answers = await Promise.allSettled(asked);
    expect(
      answers.map((answer) =>
        answer.status === 'fulfilled' ? inShort(answer.value)[0] : (answer.reason as { code: string }).code,
      ),
    ).toEqual(['not_enrolled', 'not_enrolled', 'not_enrolled', ...Array<string>(3).fill('too_many_requests')]);
    expect((await Promise.all([byHand, others])).map(inShort)).toEqual([['enrolled'], ['enrolled']]);
    expect(inShort(await fair.submit(drop(greedy, ['k1'])))).toEqual(['dropped']);
  });

  it('keeps no row of what changed nothing, and decides it again when it is asked again', async () => {
    await addSections(database, [{ id: 'l1', capacity: 1 }]);
    await addStudents(database, 2, 'l');
    await ledger.submit(commit('l0', ['l1']));
    const request = commit('l1', ['l1']);
    expect(await Promise.all([submit(request), submit(request)])).toEqual([['section_full'], ['section_full']]);
    expect(await submit(drop('l1', ['l1']))).toEqual(['not_enrolled']);
    const rows = await database.read((manager) =>
      manager.query<unknown[]>(`SELECT request_key FROM seat_request WHERE student_id = 'l1'`),
    );
    expect(rows).toEqual([]);
    await ledger.submit(drop('l0', ['l1']));
    expect(await submit(request)).toEqual(['enrolled']);
  });

  it('is busy when its queue is full, and when a turn comes after the deadline, and keeps no answer to that', async () => {
    await addSections(database, [{ id: 'i1', capacity: 50 }]);
    await addStudents(database, 3, 'i');
    const small = makeLedger(database, { options: { queueLimit: 2 } });
    const late = commit('i1', ['i1'], { deadline: performance.now() - 1 });
    const answers = await Promise.allSettled([
      small.submit(commit('i0', ['i1'])),
      small.submit(late),
      small.submit(commit('i2', ['i1'])),
    ]);
    expect(
      answers.map((answer) => (answer.status === 'fulfilled' ? 'done' : (answer.reason as { code: string }).code)),
    ).toEqual(['done', 'busy', 'busy']);
    expect(await submit({ ...late, deadline: undefined })).toEqual(['enrolled']);
  });

  it('answers all it has taken before it closes, and takes no more', async () => {
    await addSections(database, [{ id: 'j1', capacity: 50 }]);
    await addStudents(database, 30, 'j');
    const closing = makeLedger(database, { options: { batchSize: 7 } });
    const answers = Array.from({ length: 30 }, (_, index) => closing.submit(commit(`j${index}`, ['j1'])));
    await closing.close();
    expect((await Promise.all(answers)).map(inShort).flat()).toEqual(Array(30).fill('enrolled'));
    await expect(closing.submit(commit('j0', ['j1']))).rejects.toMatchObject({ code: 'draining' });
  });
});

/** Has to run the first transaction a second time, as for a deadlock. */
class UnluckyDatabase extends ShiftedDatabase {
  private isLucky = false;

  override write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return super.write(async (manager) => {
      const result = await work(manager);
      if (this.isLucky) return result;
      this.isLucky = true;
      throw Object.assign(new Error('deadlock found'), { errno: 1213 });
    });
  }
}

/** SQLite takes any length; a parameter that it cannot bind does it there. */
function poison(kind: string, tooLong: string): string {
  return kind === 'sqlite' ? (Symbol('poison') as unknown as string) : tooLong;
}
