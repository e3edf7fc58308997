import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Database } from '../database/database';
import { Roster } from './roster';
import { RosterKeeper } from './roster-keeper';
import type { StudentDirectory } from './student-directory';

const textOf = (studentId: string): string => `student_id\n${studentId}\n`;

/** The lists in the database, and what happens just before the versions are asked for. */
class Lists {
  readonly rows: { version: number; hash: string; content: Buffer }[] = [];
  meanwhile = (): Promise<void> => Promise.resolve();

  add(text: string): void {
    const hash = createHash('sha256').update(text).digest('hex');
    this.rows.push({ version: this.rows.length + 1, hash, content: gzipSync(text) });
  }

  private readonly manager = {
    query: async (sql: string, values: unknown[] = []): Promise<unknown> => {
      if (sql.includes('content IS NOT NULL'))
        return this.rows.filter((row) => row.version > Number(values[0])).slice(-1);
      if (sql.startsWith('SELECT')) return this.meanwhile().then(() => [...this.rows]);
      const [version, hash, content] = values as [number, string, Buffer];
      if (sql.startsWith('INSERT')) this.rows.push({ version, hash, content });
      return undefined;
    },
  };
  private readonly work = (work: (manager: unknown) => unknown): unknown => work(this.manager);
  readonly database = { now: () => Promise.resolve(0), read: this.work, write: this.work } as unknown as Database;
}

describe('the roster of a pod that reads its file while another pod reads one', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sunbeon-roster-'));
  const file = join(directory, 'roster.csv');
  let lists: Lists;
  let roster: Roster;
  let keeper: RosterKeeper;

  beforeEach(async () => {
    lists = new Lists();
    writeFileSync(file, textOf('first'));
    roster = new Roster(file);
    keeper = new RosterKeeper(roster, lists.database, {
      bringInLine: () => Promise.resolve(),
    } as unknown as StudentDirectory);
    await keeper.start();
    await keeper.stop();
    writeFileSync(file, textOf('ours'));
    lists.meanwhile = async () => {
      lists.meanwhile = () => Promise.resolve();
      lists.add(textOf('theirs'));
      await (keeper as unknown as { look(): Promise<void> }).look();
    };
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is its own, when that was read last', async () => {
    await keeper.reload();
    expect(lists.rows).toHaveLength(3);
    expect(roster.text).toBe(textOf('ours'));
  });
});
