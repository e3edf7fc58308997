import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Database, type ReadOptions } from '../../../src/database/database';
import { openDatabase } from '../../../src/database/open-database';
import { OutboxTable } from '../../../src/notice/outbox';
import type { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import type { SeatRequest } from '../../../src/registration/seats/seat-request';
import { startMysql } from '../../../load/servers/mysql';
import type { DatabaseService } from '../../../load/servers/sql-server';
import { waitFor } from '../../../load/support/wait-for';
import { addStudents, commit, drop, ENTITIES, inShort, makeLedger, makeTerm, noticesOf, sheetOf } from './support';

// The database goes away here, which is logged.
Logger.overrideLogger(false);

/** Kills; more by the environment. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 10);
const STUDENTS = 60;
const SEATS = 25;
const SECTION = 'hot';

/** A student who takes a seat, gives it back, and so on, and insists on an answer to everything. */
class Student {
  enrolled = false;
  enrolments = 0;
  drops = 0;
  answers = 0;
  readonly surprises: string[] = [];

  constructor(
    private readonly id: string,
    private readonly ledgers: readonly SeatLedger[],
  ) {}

  async live(until: () => boolean): Promise<void> {
    while (!until()) {
      const outcome = await this.insist(this.enrolled ? drop(this.id, [SECTION]) : commit(this.id, [SECTION]));
      this.answers += 1;
      if (outcome === 'enrolled') this.enrolments += 1;
      if (outcome === 'dropped') this.drops += 1;
      const expected = this.enrolled ? ['dropped'] : ['enrolled', 'section_full'];
      if (!expected.includes(outcome)) this.surprises.push(`${this.id}: ${outcome}, and not ${expected.join(' or ')}`);
      this.enrolled = outcome === 'enrolled';
    }
  }

  /** With the same key, at one pod and at the other. */
  private async insist(request: SeatRequest): Promise<string> {
    for (let turn = 0; ; turn += 1) {
      const ledger = this.ledgers[turn % this.ledgers.length] as SeatLedger;
      const answer = await ledger.submit(request).then(inShort, (error: unknown) => error as { code?: string });
      if (Array.isArray(answer)) return answer[0] ?? '';
      if (answer.code !== 'database_unavailable' && answer.code !== 'busy') return answer.code ?? 'unknown';
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Lets go of a shot in the moment in which a COMMIT is sent. */
class AimedDatabase extends Database {
  readonly kind;
  shoot: (() => void) | undefined;

  constructor(private readonly inner: Database) {
    super();
    this.kind = inner.kind;
  }

  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.inner.write(async (manager) => {
      const result = await work(manager);
      if (this.shoot) setImmediate(this.shoot);
      this.shoot = undefined;
      return result;
    });
  }

  read<T>(work: (manager: EntityManager) => Promise<T>, options?: ReadOptions): Promise<T> {
    return this.inner.read(work, options);
  }

  now(manager: EntityManager): Promise<number> {
    return this.inner.now(manager);
  }

  migrate(): Promise<void> {
    return this.inner.migrate();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

describe('MySQL, killed again and again in the middle of commits', () => {
  let server: DatabaseService;
  let databases: AimedDatabase[];

  beforeAll(async () => {
    server = await startMysql({ own: true });
    databases = [
      new AimedDatabase(await openDatabase({ url: server.url, entities: ENTITIES })),
      new AimedDatabase(await openDatabase({ url: server.url, entities: ENTITIES })),
    ];
    await makeTerm(databases[0] as AimedDatabase, [{ id: SECTION, capacity: SEATS }]);
  });

  afterAll(async () => {
    await Promise.all(databases.map((database) => database.close()));
    await server.stop();
  });

  /** Kills the server while one of the pods commits. */
  const shot = (database: AimedDatabase): Promise<void> =>
    new Promise((resolve, reject) => {
      database.shoot = () => void server.kill().then(resolve, reject);
    });

  it(
    'loses no acknowledged enrolment, and doubles none',
    async () => {
      const [database] = databases as [AimedDatabase];
      const ids = await addStudents(database, STUDENTS, `${randomUUID().slice(0, 8)}-`);
      const ledgers = databases.map((one) =>
        makeLedger(one, { outbox: new OutboxTable(), options: { batchSize: 10 } }),
      );
      const students = ids.map((id, index) => new Student(id, index % 2 ? ledgers : [...ledgers].reverse()));
      let over = false;
      const lives = students.map((student) => student.live(() => over));
      const answered = (): number => students.reduce((sum, { answers }) => sum + answers, 0);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const before = answered();
        const enough = 100 + Math.floor(Math.random() * 200);
        await waitFor(() => answered() >= before + enough, { intervalMs: 1, what: 'answers' });
        await shot(database);
        await server.restart();
      }
      const before = answered();
      await waitFor(() => answered() >= before + 100, { what: 'answers after the last kill' });
      over = true;
      await Promise.all(lives);
      expect(students.flatMap(({ surprises }) => surprises)).toEqual([]);
      const lost = ledgers.reduce((sum, ledger) => sum + ledger.figures().unknownCommits, 0);
      expect(lost).toBeGreaterThan(0);
      const sheet = await sheetOf(database, SECTION);
      const enrolled = ids.filter((_, index) => students[index]?.enrolled).sort();
      expect(sheet.students).toEqual(enrolled);
      expect(sheet).toMatchObject({ taken: enrolled.length, held: 0, overrides: 0 });
      expect(await noticed(database, 'enrolled')).toBe(students.reduce((sum, { enrolments }) => sum + enrolments, 0));
      expect(await noticed(database, 'dropped')).toBe(students.reduce((sum, { drops }) => sum + drops, 0));
    },
    60_000 + ROUNDS * 30_000,
  );
});

/** How many notices of a kind the outbox has: one for each time it happened. */
async function noticed(database: Database, kind: string): Promise<number> {
  return (await noticesOf(database)).filter((notice) => notice.kind === kind).length;
}
