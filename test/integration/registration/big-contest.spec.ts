import type { Database } from '../../../src/database/database';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { contendInTwoProcesses } from './contest';
import { addSections, addStudents, ENTITIES, join, makeLedger, makeTerm, noticesOf, seatsOf, sheetOf } from './support';

const countOf = (outcomes: string[], outcome: string): number => outcomes.filter((one) => one === outcome).length;

describe.each(TESTED_DATABASES)('two processes on %s', (kind) => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await makeTerm(database, []);
  });

  afterAll(() => home.remove());

  it('give exactly 40 of 15,000 students a seat of 40', async () => {
    const students = 15_000;
    await addSections(database, [{ id: 'forty', capacity: 40 }]);
    await addStudents(database, students, 'many-');
    const outcomes = await contendInTwoProcesses({
      ...{ place: home.place, sectionId: 'forty', kind: 'commit', prefix: 'many-', students },
      ...{ batchSize: 200, atATime: students / 2 },
    });
    expect([countOf(outcomes, 'enrolled'), countOf(outcomes, 'section_full')]).toEqual([40, students - 40]);
    expect(await seatsOf(database, 'forty')).toMatchObject({ taken: 40, enrolled: 40 });
  });

  it.each([1, 20])(
    'serve a waitlist in order while they drop at once, in batches of %i',
    async (batchSize) => {
      const [section, seats, waiting] = [`waited-${batchSize}`, 30, 50];
      await addSections(database, [{ id: section, capacity: seats }]);
      await addStudents(database, seats, `${section}-in`);
      const ledger = makeLedger(database);
      const asked = { database, section, ledger };
      await enrolAll(asked, seats);
      const waiters = await addStudents(database, waiting, `${section}-out`);
      for (const id of waiters) await ledger.submit(join(id, [section]));
      const outcomes = await contendInTwoProcesses({
        ...{ place: home.place, sectionId: section, kind: 'drop', prefix: `${section}-in`, students: seats },
        ...{ batchSize, atATime: 5 },
      });
      expect(countOf(outcomes, 'dropped')).toBe(seats);
      const sheet = await sheetOf(database, section);
      expect(sheet).toMatchObject({ taken: seats, held: 0, overrides: 0, waiting: waiting - seats, holds: [] });
      expect(sheet.list).toEqual(waiters.slice(seats));
      expect(await promotedInOrder(database, section)).toEqual(waiters.slice(0, seats));
    },
    120_000,
  );
});

async function enrolAll(
  { section, ledger }: { section: string; ledger: ReturnType<typeof makeLedger> },
  seats: number,
): Promise<void> {
  const ids = Array.from({ length: seats }, (_, index) => `${section}-in${index}`);
  await Promise.all(
    ids.map((studentId) =>
      ledger.submit({
        ...{ kind: 'commit', studentId, termId: 'term', sectionIds: [section], admission: undefined },
        idempotencyKey: 'enrol',
      }),
    ),
  );
}

/** As they were written under the section's lock. */
async function promotedInOrder(database: Database, section: string): Promise<string[]> {
  const notices = await noticesOf(database);
  return notices
    .filter(({ kind, sectionId }) => kind === 'promoted' && sectionId === section)
    .map(({ studentId }) => studentId);
}
