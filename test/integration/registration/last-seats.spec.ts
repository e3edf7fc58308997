import { Logger } from '@nestjs/common';
import type { Database } from '../../../src/database/database';
import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { contendInTwoProcesses } from './contest';
import {
  addSections,
  addStudents,
  commit,
  ENTITIES,
  inShort,
  LocklessStore,
  makeLedger,
  makeTerm,
  seatsOf,
} from './support';

// Without its locks the ledger fails requests, which are logged as errors.
Logger.overrideLogger(false);

const STUDENTS = 100;
const SEATS = 30;
const AT_A_TIME = 50;

/** Every student asks for one seat, `AT_A_TIME` at a time, each at the next ledger in turn. */
async function contend(ledgers: SeatLedger[], students: string[], sectionId: string): Promise<string[]> {
  const waiting = students.map((id, index) => ({ id, ledger: ledgers[index % ledgers.length] }));
  const outcomes: string[] = [];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next?.ledger; next = waiting.shift()) {
      const answer = next.ledger.submit(commit(next.id, [sectionId])).then(inShort, () => ['failed']);
      outcomes.push(...(await answer));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, one));
  return outcomes;
}

const countOf = (outcomes: string[], outcome: string): number => outcomes.filter((one) => one === outcome).length;

describe.each(TESTED_DATABASES)('100 students want 30 seats on %s', (kind) => {
  let home: Home;
  let first: Database;
  let second: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    first = await home.open(ENTITIES);
    await makeTerm(first, []);
    second = await home.open(ENTITIES);
  });

  afterAll(() => home.remove());

  const contest = async (sectionId: string): Promise<string[]> => {
    await addSections(first, [{ id: sectionId, capacity: SEATS }]);
    return addStudents(first, STUDENTS, `${sectionId}-`);
  };

  it.each([1, 10, 100])(
    'and exactly 30 get one from two pods, in batches of %i',
    async (batchSize) => {
      const section = `pods-${batchSize}`;
      const students = await contest(section);
      const ledgers = [first, second].map((database) => makeLedger(database, { options: { batchSize } }));
      const outcomes = await contend(ledgers, students, section);
      expect([countOf(outcomes, 'enrolled'), countOf(outcomes, 'section_full')]).toEqual([SEATS, STUDENTS - SEATS]);
      expect(await seatsOf(first, section)).toMatchObject({ taken: SEATS, enrolled: SEATS });
      expect(ledgers.map((ledger) => ledger.figures().bisections)).toEqual([0, 0]);
    },
    60_000,
  );

  it.each([1, 10, 100])(
    'and exactly 30 get one from two processes, in batches of %i',
    async (batchSize) => {
      const section = `processes-${batchSize}`;
      const students = await contest(section);
      const outcomes = await contendInTwoProcesses({
        ...{ place: home.place, batchSize, sectionId: section, kind: 'commit', atATime: AT_A_TIME / 2 },
        ...{ prefix: `${section}-`, students: students.length },
      });
      expect([countOf(outcomes, 'enrolled'), countOf(outcomes, 'section_full')]).toEqual([SEATS, STUDENTS - SEATS]);
      expect(await seatsOf(first, section)).toMatchObject({ taken: SEATS, enrolled: SEATS });
    },
    60_000,
  );
});

describe('the same contest on MySQL without the locks', () => {
  let home: Home;
  let databases: Database[];

  beforeAll(async () => {
    home = await makeHome('mysql');
    const first = await home.open(ENTITIES);
    await makeTerm(first, []);
    databases = [first, await home.open(ENTITIES), await home.open(ENTITIES), await home.open(ENTITIES)];
  });

  afterAll(() => home.remove());

  const lockless = (): SeatLedger[] =>
    databases.map((database) =>
      makeLedger(database, { store: new LocklessStore(database.kind), options: { batchSize: 10 } }),
    );

  /** Contests until one shows what the locks prevent; without them nearly every one does. */
  const contestUntil = async (name: string, shows: (section: string, ledgers: SeatLedger[]) => Promise<boolean>) => {
    const [database] = databases as [Database];
    for (let round = 1; round <= 20; round += 1) {
      const section = `${name}-${round}`;
      await addSections(database, [{ id: section, capacity: SEATS }]);
      const students = await addStudents(database, STUDENTS, `${section}-`);
      const ledgers = lockless();
      await contend(ledgers, students, section);
      if (await shows(section, ledgers)) return true;
    }
    return false;
  };

  it('runs into the CHECK, which is the last guard', async () => {
    const [database] = databases as [Database];
    const tripped = await contestUntil('guarded', async (section, ledgers) => {
      expect((await seatsOf(database, section)).enrolled).toBeLessThanOrEqual(SEATS);
      return ledgers.some((ledger) => ledger.figures().bisections + ledger.figures().poisoned > 0);
    });
    expect(tripped).toBe(true);
  });

  it('oversells when the CHECK is gone, too', async () => {
    const [database] = databases as [Database];
    await database.write((manager) => manager.query('ALTER TABLE section DROP CONSTRAINT section_seats'));
    const oversold = await contestUntil(
      'unguarded',
      async (section) => (await seatsOf(database, section)).enrolled > SEATS,
    );
    expect(oversold).toBe(true);
  });
});
