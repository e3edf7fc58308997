import { DomainError } from '../../../src/common/domain-error';
import { Database } from '../../../src/database/database';
import { StudentDirectory } from '../../../src/identity/student-directory';
import type { Student } from '../../../src/identity/student';
import { StudentEntity } from '../../../src/identity/student.entity';
import { type Home, makeHome, schemaDifferences, TESTED_DATABASES } from '../database/support';

const MINJI: Student = { id: 'minji', name: '김민지', email: 'minji@example.edu', classYear: '2', language: 'ko' };

const student = (id: string): Student => ({ id, name: `Student ${id}`, language: 'en' });

describe.each(TESTED_DATABASES)('StudentDirectory on %s', (kind) => {
  let home: Home;
  let database: Database;
  let directory: StudentDirectory;

  const pseudonymsOf = (ids: string[]): Promise<Map<string, string>> =>
    database.read((manager) => directory.pseudonyms(manager, ids));

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open([StudentEntity]);
    await database.migrate();
    directory = new StudentDirectory(database);
  });

  afterAll(() => home.remove());

  it('has the table that the migration makes', async () => {
    expect(await schemaDifferences(database, [StudentEntity])).toEqual([]);
  });

  it('gives back a student whole, and nobody for an unknown id', async () => {
    await directory.upsert(MINJI);
    expect(await directory.find('minji')).toEqual(MINJI);
    expect(await directory.find('nobody')).toBeUndefined();
  });

  it('tells ids apart by case', async () => {
    await directory.upsert(student('case'));
    await directory.upsert(student('CASE'));
    const pseudonyms = await pseudonymsOf(['case', 'CASE']);
    expect(pseudonyms.get('case')).not.toBe(pseudonyms.get('CASE'));
  });

  it('keeps pseudonym and first sign-in when a student comes again with another name', async () => {
    await directory.upsert(student('again'));
    const row = () => database.read((manager) => manager.findOneByOrFail(StudentEntity, { id: 'again' }));
    const before = await row();
    await directory.upsert({ ...student('again'), name: 'Another', language: 'ko' });
    expect(await row()).toEqual({ ...before, name: 'Another', language: 'ko' });
  });

  it('takes a crowd at once, in few transactions, with each student once', async () => {
    let transactions = 0;
    const counting = Object.create(database, {
      write: {
        value: (work: Parameters<Database['write']>[0]) => {
          transactions += 1;
          return database.write(work);
        },
      },
    }) as Database;
    const crowd = Array.from({ length: 1_200 }, (_, index) => student(`crowd-${index % 1_100}`));
    const other = new StudentDirectory(await home.open([StudentEntity]));
    const busy = new StudentDirectory(counting);
    await Promise.all([...crowd.map((one) => busy.upsert(one)), ...crowd.map((one) => other.upsert(one))]);
    const ids = [...new Set(crowd.map(({ id }) => id))];
    const pseudonyms = await pseudonymsOf(ids);
    expect(pseudonyms.size).toBe(1_100);
    expect(new Set(pseudonyms.values()).size).toBe(1_100);
    expect(transactions).toBeLessThan(10);
    const back = await database.read((manager) => directory.byPseudonyms(manager, [...pseudonyms.values()]));
    expect(new Set(back.values())).toEqual(new Set(ids));
  });

  it('takes over what a list says in the order in which rows are locked, a few in one transaction, and once', async () => {
    const ids = Array.from({ length: 45 }, (_, number) => `listed-${String(number).padStart(2, '0')}`);
    await Promise.all(ids.map((id) => directory.upsert(student(id))));
    const written: string[][] = [];
    const watching = Object.create(database, {
      write: {
        value: (work: Parameters<Database['write']>[0]) =>
          database.write((manager) => {
            const some: string[] = [];
            written.push(some);
            const update = (entity: typeof StudentEntity, row: { id: string }, changed: Partial<StudentEntity>) => {
              some.push(row.id);
              return manager.update(entity, row, changed);
            };
            return work(Object.create(manager, { update: { value: update } }) as typeof manager);
          }),
      },
    }) as Database;
    const list = ids.map((studentId, number) => ({ studentId, classYear: String(1 + (number % 4)) })).reverse();
    const other = new StudentDirectory(watching);
    expect(await other.bringInLine(list, () => false)).toBe(false);
    expect(written).toEqual([]);
    expect(await other.bringInLine(list)).toBe(true);
    expect(written.map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(written.flat()).toEqual(ids);
    expect((await directory.find('listed-06'))?.classYear).toBe('3');
    await other.bringInLine(list);
    expect(written).toHaveLength(3);
  });

  it('forgets who is behind a pseudonym, and gives another one to who comes back', async () => {
    await directory.upsert(student('gone'));
    const pseudonym = (await pseudonymsOf(['gone'])).get('gone') ?? '';
    expect(await directory.forget('gone')).toBe(true);
    expect(await directory.forget('gone')).toBe(false);
    expect(await directory.find('gone')).toBeUndefined();
    expect((await database.read((manager) => directory.byPseudonyms(manager, [pseudonym]))).size).toBe(0);
    await directory.upsert(student('gone'));
    expect((await pseudonymsOf(['gone'])).get('gone')).not.toBe(pseudonym);
  });

  it('tells every caller of a failed write, and serves the next', async () => {
    let away = true;
    const flaky = Object.create(database, {
      write: {
        value: (work: Parameters<Database['write']>[0]) =>
          away ? Promise.reject(new DomainError('database_unavailable', 'away')) : database.write(work),
      },
    }) as Database;
    const unlucky = new StudentDirectory(flaky);
    const results = await Promise.allSettled(['f1', 'f2', 'f3'].map((id) => unlucky.upsert(student(id))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    away = false;
    await unlucky.upsert(student('f1'));
    expect(await directory.find('f1')).toEqual(student('f1'));
  });
});
