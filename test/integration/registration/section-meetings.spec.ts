import { Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Database } from '../../../src/database/database';
import type { AdmissionClaim, AdmissionLife } from '../../../src/registration/ports';
import { type Home, makeHome } from '../database/support';
import { addStudents, commit, ENTITIES, FakeAdmissions, inShort, makeLedger, makeTerm, TERM } from './support';

// One test makes a request fail, which is logged as an error.
Logger.overrideLogger(false);

/** Fails the second batch that asks. */
class FailsOnce extends FakeAdmissions {
  asked = 0;

  override liveAdmissions(
    manager: EntityManager,
    claims: readonly AdmissionClaim[],
  ): Promise<Map<string, AdmissionLife>> {
    this.asked += 1;
    return this.asked === 2 ? Promise.reject(new Error('once')) : super.liveAdmissions(manager, claims);
  }
}

describe('the meeting times that the ledger keeps, on SQLite', () => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome('sqlite');
    database = await home.open(ENTITIES);
    await makeTerm(database, [
      { id: 'moved', capacity: 9, meetings: [[1, 540, 600]] },
      { id: 'monday', capacity: 9, meetings: [[1, 540, 600]] },
      { id: 'tuesday', capacity: 9, meetings: [[2, 540, 600]] },
    ]);
    await addStudents(database, 2);
  });

  afterAll(() => home.remove());

  /** As an import does it: the first change after revision 1 makes it 2, whichever it is. */
  const moveTo = async (manager: EntityManager, day: number): Promise<void> => {
    await manager.query("UPDATE meeting SET day = ? WHERE term_id = ? AND section_id = 'moved'", [day, TERM]);
    await manager.query("UPDATE section SET revision = 2 WHERE term_id = ? AND id = 'moved'", [TERM]);
  };

  it('are none that were never committed, though a batch beside saw them', async () => {
    const ledger = makeLedger(database, { admissions: new FailsOnce() });
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    // While this one is written, the next two gather, to be committed together.
    const first = database.write(() => gate);
    const undone = database.write(async (manager) => {
      await moveTo(manager, 3);
      await manager.query('PRAGMA defer_foreign_keys = ON');
      await manager.query("UPDATE meeting SET section_id = 'nowhere' WHERE section_id = 'monday'");
    });
    const seen = ledger.submit(commit('s0', ['moved'], { admission: 'good' }));
    await nextTurn();
    open();
    const ends = await Promise.allSettled([first, undone, seen]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await database.write((manager) => moveTo(manager, 2));
    expect(inShort(await ledger.submit(commit('s1', ['monday', 'moved', 'tuesday'])))).toEqual([
      'enrolled',
      'enrolled',
      'time_conflict',
    ]);
  });
});
