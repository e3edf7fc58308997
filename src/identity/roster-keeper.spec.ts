import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { QueryFailedError } from 'typeorm';
import { DomainError } from '../common/domain-error';
import type { Database } from '../database/database';
import { ClassYears } from './class-year';
import { Roster } from './roster';
import { RosterKeeper } from './roster-keeper';
import type { StudentDirectory } from './student-directory';

const textOf = (...studentIds: string[]): string => `student_id\n${studentIds.join('\n')}\n`;

const everybody = Array.from({ length: 40 }, (_, number) => `s${number}`);

/** The lists in the database, and what happens just before one is written. */
class Lists {
  readonly rows: { version: number; hash: string; content: Buffer }[] = [];
  meanwhile = (): Promise<void> => Promise.resolve();
  /** Whether the latest list cannot be asked for. */
  isAway = false;

  add(text: string, content = gzipSync(text)): void {
    const hash = createHash('sha256').update(text).digest('hex');
    this.rows.push({ version: this.rows.length + 1, hash, content });
  }

  private readonly manager = {
    query: async (sql: string, values: unknown[] = []): Promise<unknown> => {
      if (sql.includes('content IS NOT NULL')) {
        if (this.isAway) throw new DomainError('database_unavailable', 'away');
        return this.rows.filter((row) => row.version > Number(values[0])).slice(-1);
      }
      if (sql.startsWith('SELECT')) return [...this.rows];
      const [version, hash, content] = values as [number, string, Buffer];
      if (sql.startsWith('INSERT')) {
        await this.meanwhile();
        if (this.rows.some((row) => row.version === version)) throw duplicate();
        this.rows.push({ version, hash, content });
      }
      return undefined;
    },
  };
  private readonly work = (work: (manager: unknown) => unknown): unknown => work(this.manager);
  readonly database = { now: () => Promise.resolve(0), read: this.work, write: this.work } as unknown as Database;
}

const duplicate = (): Error =>
  new QueryFailedError('INSERT', [], Object.assign(new Error(), { code: 'ER_DUP_ENTRY', errno: 1062 }));

describe('the roster of a pod', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sunbeon-roster-'));
  const file = join(directory, 'roster.csv');
  let lists: Lists;
  let roster: Roster;
  let aligned: number;
  let bringInLine: () => Promise<boolean>;

  beforeEach(() => {
    lists = new Lists();
    aligned = 0;
    bringInLine = () => Promise.resolve(true);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const students = {
    bringInLine: () => {
      aligned += 1;
      return bringInLine();
    },
  } as unknown as StudentDirectory;

  function keeperOf(text: string, { othersAlignMs = 3_600_000 } = {}): RosterKeeper {
    writeFileSync(file, text);
    roster = new Roster(file);
    return new RosterKeeper(roster, lists.database, students, () => othersAlignMs);
  }

  /** One that has started with a file, and is moved by hand from there. */
  async function started(text: string, options?: { othersAlignMs: number }): Promise<RosterKeeper> {
    const keeper = keeperOf(text, options);
    await keeper.start();
    await keeper.stop();
    return keeper;
  }

  const by = (keeper: RosterKeeper) => keeper as unknown as { look(): Promise<void>; align(on: object): Promise<void> };
  const { signal } = new AbortController();

  it('is its own, when that was read last while another pod read one', async () => {
    const keeper = await started(textOf('first'));
    writeFileSync(file, textOf('ours'));
    lists.meanwhile = async () => {
      lists.meanwhile = () => Promise.resolve();
      lists.add(textOf('theirs'));
      await by(keeper).look();
    };
    await keeper.reload();
    expect(lists.rows).toHaveLength(3);
    expect(roster.text).toBe(textOf('ours'));
  });

  it('is judged by the list that another pod has just read, before it follows that', async () => {
    const keeper = await started(textOf('s1'));
    writeFileSync(file, textOf('s1', 's2'));
    lists.meanwhile = () => Promise.resolve(lists.rows.length === 1 ? lists.add(textOf(...everybody)) : undefined);
    await expect(keeper.reload()).rejects.toMatchObject({ code: 'invalid_input', details: { students: 40, lost: 38 } });
    expect(lists.rows).toHaveLength(2);
    expect(roster.size).toBe(40);
  });

  it.each([
    ['has a class year that is not known here', () => lists.add('student_id,class_year\ns1,Zz\n'), 'conflict'],
    ['is not what was stored', () => lists.add(textOf('s1'), Buffer.from('torn')), 'conflict'],
    [
      'cannot be asked for',
      () => {
        lists.add(textOf(...everybody));
        lists.isAway = true;
      },
      'database_unavailable',
    ],
  ])('does not become that of all while the list in force %s', async (_, happen, code) => {
    happen();
    await expect(keeperOf(textOf('new')).start()).rejects.toMatchObject({ code });
    expect(lists.rows).toHaveLength(1);
  });

  it('says that the list in force cannot be read here, rather than that its own file is bad, and publishes nothing', async () => {
    const keeper = await started(textOf('s1'));
    lists.add('student_id,class_year\ns1,Zz\n');
    await by(keeper).look();
    writeFileSync(file, textOf('s1', 's2'));
    for (const force of [false, true]) {
      await expect(keeper.reload({ force })).rejects.toMatchObject({
        code: 'conflict',
        details: { reason: 'roster_unreadable' },
      });
    }
    expect(lists.rows).toHaveLength(2);
    expect(roster.text).toBe(textOf('s1'));
  });

  it('is tried again when it could not be taken over at first', async () => {
    const keeper = await started(textOf('s1'));
    const reading = jest.spyOn(ClassYears.prototype, 'read').mockReturnValueOnce(undefined);
    lists.add('student_id,class_year\ns1,1\n');
    await by(keeper).look();
    expect(roster.text).toBe(textOf('s1'));
    await by(keeper).look();
    expect(roster.lookup('s1')?.classYear).toBe(new ClassYears().read('1'));
    reading.mockRestore();
  });

  it('is in force also while the rows of students cannot be brought in line, which is done later', async () => {
    bringInLine = () => Promise.reject(new DomainError('database_unavailable', 'away'));
    const keeper = await started(textOf('s1'));
    writeFileSync(file, textOf('s1', 's2'));
    await keeper.reload();
    expect(roster.size).toBe(2);
    await by(keeper).align(signal);
    bringInLine = () => Promise.resolve(true);
    aligned = 0;
    for (const _ of [1, 2]) await by(keeper).align(signal);
    expect(aligned).toBe(1);
  });

  it.each([
    ['at once by the pod that read it', () => undefined, 3_600_000, 1],
    ['later by another, when there is nothing to do any more', () => lists.add(textOf('s1')), 3_600_000, 0],
    ['by another in the end, should the first have died', () => lists.add(textOf('s1')), 0, 1],
  ])('is written to the rows of students %s', async (_, happen, othersAlignMs, times) => {
    happen();
    const keeper = await started(textOf('s1'), { othersAlignMs });
    await by(keeper).align(signal);
    expect(aligned).toBe(times);
  });
});
