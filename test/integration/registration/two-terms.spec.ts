import { text } from 'node:stream/consumers';
import { bulkInsert } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { CatalogueService } from '../../../src/registration/catalogue/catalogue.service';
import { EnrolmentEvents } from '../../../src/registration/ports';
import { enrolmentCsv } from '../../../src/registration/operators/enrolment-export';
import type { SeatRequest } from '../../../src/registration/seats/seat-request';
import { waitlistCsv } from '../../../src/registration/operators/waitlist-export';
import { WaitlistService } from '../../../src/registration/students/waitlist.service';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { addStudents, commit, drop, ENTITIES, inShort, join, makeLedger, makeSearch, makeTerm, TERM } from './support';

const NEXT = 'next';

/** The test's terms: each has its own section `A` of one seat, and `B` at another hour of the week. */
async function makeTerms(database: Database): Promise<void> {
  await makeTerm(database, [
    { id: 'A', capacity: 1, meetings: [[1, 540, 600]] },
    { id: 'B', capacity: 1, meetings: [[2, 540, 600]] },
  ]);
  await database.write(async (manager) => {
    const copy = async (table: string, changed: Record<string, string>): Promise<void> => {
      const rows = await manager.query<Record<string, string | number | null>[]>(`SELECT * FROM ${table}`);
      await bulkInsert(
        manager,
        table,
        rows.map((row) => ({
          ...row,
          ...changed,
          ...('course_id' in row ? { course_id: `next-${row.course_id}` } : {}),
        })),
      );
    };
    await copy('term', { id: NEXT });
    for (const id of ['A', 'B']) {
      await bulkInsert(manager, 'course', [
        { id: `next-course-${id}`, term_id: NEXT, department: 'T', number: `course-${id}` },
      ]);
    }
    await copy('section', { term_id: NEXT });
    await copy('meeting', { term_id: NEXT });
    // In the next term both meet at the same time.
    await manager.query('UPDATE meeting SET day = 3 WHERE term_id = ?', [NEXT]);
  });
}

describe.each(TESTED_DATABASES)('a section id that two terms have, on %s', (kind) => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerms(database);
    await addStudents(database, 4);
  });

  afterAll(() => home.remove());

  const counts = (termId: string): Promise<unknown[]> =>
    database.read((manager) =>
      manager.query('SELECT id, taken, held, waiting FROM section WHERE term_id = ? ORDER BY id', [termId]),
    );

  const inNext = <T extends SeatRequest>(request: T): T => ({ ...request, termId: NEXT });

  it('names two sections, also within one batch', async () => {
    const ledger = makeLedger(database);
    const answers = await Promise.all(
      [
        commit('s0', ['A']),
        inNext(commit('s1', ['A'])),
        inNext(join('s0', ['A'])),
        join('s1', ['A']),
        commit('s2', ['B']),
        inNext(commit('s0', ['B'])),
        inNext(commit('s1', ['B'])),
      ].map((request) => ledger.submit(request).then(inShort)),
    );
    expect(answers.map(([answer]) => answer)).toEqual([
      ...['enrolled', 'enrolled', 'waitlisted', 'waitlisted', 'enrolled', 'enrolled'],
      // In this term they meet at the same time.
      'time_conflict',
    ]);
    for (const termId of [TERM, NEXT]) {
      expect(await counts(termId)).toEqual([
        { id: 'A', taken: 1, held: 0, waiting: 1 },
        { id: 'B', taken: 1, held: 0, waiting: 0 },
      ]);
    }
  });

  it('gives a freed seat to who waits for it in the same term', async () => {
    const ledger = makeLedger(database);
    expect(inShort(await ledger.submit(drop('s0', ['A'])))).toEqual(['dropped']);
    await ledger.idle();
    const enrolled = await database.read((manager) =>
      manager.query<{ student_id: string }[]>(
        `SELECT student_id FROM enrolment WHERE term_id = ? AND section_id = 'A'`,
        [TERM],
      ),
    );
    expect(enrolled).toEqual([{ student_id: 's1' }]);
    expect(await counts(TERM)).toContainEqual({ id: 'A', taken: 1, held: 0, waiting: 0 });
    expect(await counts(NEXT)).toContainEqual({ id: 'A', taken: 1, held: 0, waiting: 1 });
  });

  it('is shown with its own hours, seats and students, in each term', async () => {
    const catalogue = new CatalogueService(database, new EnrolmentEvents());
    const day = async (termId: string) => (await catalogue.section(termId, 'A')).meetings.map((meeting) => meeting.day);
    expect(await Promise.all([TERM, NEXT].map(day))).toEqual([['Mo'], ['We']]);
    const search = makeSearch(database);
    const onWednesdays = { day: 3, page: 1, pageSize: 20 };
    expect((await search.search(NEXT, onWednesdays)).total).toBe(2);
    expect((await search.search(TERM, onWednesdays)).total).toBe(0);
    const mine = async (termId: string) =>
      (await catalogue.enrolments(termId, 's1')).map(({ section }) => [section.termId, section.id]);
    expect(await Promise.all([TERM, NEXT].map(mine))).toEqual([[[TERM, 'A']], [[NEXT, 'A']]]);
    const waits = new WaitlistService(database, catalogue);
    expect(await waits.waitlists(NEXT, 's0')).toMatchObject([{ position: 1, section: { termId: NEXT, id: 'A' } }]);
    expect(await waits.waitlists(TERM, 's0')).toEqual([]);
  });

  it('is exported once in each', async () => {
    const lines = async (termId: string) => [
      (await text(enrolmentCsv(database, termId))).trim().split('\r\n').slice(1).length,
      (await text(waitlistCsv(database, termId))).trim().split('\r\n').slice(1).length,
    ];
    expect(await Promise.all([TERM, NEXT].map(lines))).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });
});
