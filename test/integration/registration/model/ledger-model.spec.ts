import { Logger } from '@nestjs/common';
import * as fc from 'fast-check';
import type { Database } from '../../../../src/database/database';
import type { SeatRequest } from '../../../../src/registration/seats/seat-request';
import { SeatStore } from '../../../../src/registration/ledger/seat-store';
import { withDatabase } from '../../../../load/servers/sql-server';
import { type Home, makeHome, ALL_DATABASES } from '../../database/support';
import { addSections, addStudents, ENTITIES, LocklessStore, makeTerm, TERM } from '../support';
import { Journal } from './journal';
import { type ModelSection, OFFER_MS } from './oracle';
import { Pods } from './pods';
import { requestOf, scenario, type Step, STUDENTS } from './scenario';
import { judge } from './trial';

// Pods die here, which is logged.
Logger.overrideLogger(false);

/** A scenario is long, and whoever reads the log of a failure may see its beginning only: what was wrong comes first. */
function problemsFirst<T>(run: fc.RunDetails<T>): void {
  if (!run.failed) return;
  const { message = 'no problem' } = (run.errorInstance ?? {}) as { message?: string };
  throw new Error(`${message}\n\n${fc.defaultReportMessage(run)}`);
}

/** Runs per database; more by the environment. */
const RUNS = Number(process.env.MODEL_RUNS ?? 20);
describe.each(ALL_DATABASES)('two ledgers on %s, against a model', (kind) => {
  let home: Home;
  let databases: Database[];
  let runs = 0;

  beforeAll(async () => {
    home = await makeHome(kind);
    databases = [await home.open(ENTITIES)];
    await makeTerm(databases[0] as Database, []);
    databases.push(await home.open(ENTITIES));
    await (databases[0] as Database).write((manager) => manager.query(Journal.table));
  });

  afterAll(() => home.remove());

  /** Kills every connection to the database but our own: COMMITs under way are lost, too. */
  const killConnections = async (): Promise<void> => {
    if (!('url' in home.place)) return;
    await withDatabase(home.place.url, async (connection) => {
      const [rows] = await connection.query(
        'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
      );
      for (const { id } of rows as { id: number }[]) {
        await connection.query(`KILL CONNECTION ${id}`).catch((error: unknown) => {
          if ((error as { code?: string }).code !== 'ER_NO_SUCH_THREAD') throw error;
        });
      }
    });
  };

  const prepare = async (parts: readonly Omit<ModelSection, 'id'>[]): Promise<ModelSection[]> => {
    const [database] = databases as [Database];
    runs += 1;
    const sections = parts.map((part, index) => {
      const [id, course] = [`${runs}-${index}`, `${runs}-course${part.course}`];
      return { ...part, id, course };
    });
    await addStudents(database, STUDENTS, `${runs}-s`);
    await addSections(
      database,
      sections.map(({ id, capacity, course, slot }) => ({
        ...{ id, capacity, course, credits: 3 },
        meetings: [[1 + slot, 540, 600]],
      })),
    );
    await database.write(async (manager) => {
      for (const { id, mode, releaseSeconds: seconds } of sections) {
        const release = { when: 'after_delay', minSeconds: seconds, maxSeconds: seconds };
        const policy = { waitlist: mode, offerSeconds: OFFER_MS / 1_000, release };
        await manager.query('UPDATE section SET policy = ? WHERE id = ?', [JSON.stringify(policy), id]);
      }
      await manager.query('DELETE FROM batch_ticket');
    });
    return sections;
  };

  const play = async (pods: Pods, clock: { offsetMs: number }, steps: readonly Step[]): Promise<void> => {
    const sent: SeatRequest[] = [];
    const send = (index: number, request: SeatRequest): void => {
      sent.push(request);
      pods.send(index, request);
    };
    for (const [index, one] of steps.entries()) {
      const idempotencyKey = `${runs}-${index}`;
      if (one.do === 'ask') {
        send(one.pod, requestOf(runs, idempotencyKey, one, sent));
      } else if (one.do === 'repeat') {
        const before = sent[one.which % Math.max(1, sent.length)];
        if (before) pods.send(one.pod, before);
      } else if (one.do === 'configure') {
        const { capacity, force } = one;
        const act = { operator: 'model', note: '' };
        const sectionIds: [string] = [`${runs}-${one.section}`];
        const base = { kind: 'configure', studentId: '', termId: TERM, sectionIds, idempotencyKey } as const;
        send(one.pod, { ...base, act, capacity, force });
      } else if (one.do === 'wait') {
        await pods.settled();
      } else if (one.do === 'sweep') {
        pods.sweep(one.pod);
      } else if (one.do === 'later') {
        clock.offsetMs += 30_000;
      } else if (one.do === 'kill_pod') {
        await new Promise((resolve) => setImmediate(resolve));
        pods.kill(one.pod);
      } else if (one.do === 'lose_answer') {
        pods.loseAnswer(one.pod);
      } else {
        await killConnections();
      }
    }
  };

  const problemsOf = async (
    { sections: parts, steps }: { sections: readonly Omit<ModelSection, 'id'>[]; steps: readonly Step[] },
    store: (kind: Database['kind']) => SeatStore,
  ): Promise<string[]> => {
    const [database] = databases as [Database];
    const sections = await prepare(parts);
    const [clock, journal] = [{ offsetMs: 0 }, new Journal()];
    const pods = new Pods(databases, clock, journal, store);
    await play(pods, clock, steps);
    await pods.comeToRest();
    return database.read((manager) => judge(manager, sections, journal, pods.records));
  };

  it(
    'decide what some one order of the requests would, lose no answer, and hold no seat for nobody',
    async () => {
      const property = fc.asyncProperty(scenario, async (one) => {
        const problems = await problemsOf(one, (kind) => new SeatStore(kind));
        if (problems.length > 0) throw new Error(problems.join('\n'));
      });
      await fc.assert(property, { numRuns: RUNS, endOnFailure: true, reporter: problemsFirst });
    },
    60_000 + RUNS * 10_000,
  );

  if (kind === 'mysql') {
    it('would not, without their locks', async () => {
      const property = fc.asyncProperty(scenario, async (one) => {
        expect(await problemsOf(one, (kind) => new LocklessStore(kind))).toEqual([]);
      });
      const { failed } = await fc.check(property, { numRuns: 500, endOnFailure: true });
      expect(failed).toBe(true);
    });
  }
});
