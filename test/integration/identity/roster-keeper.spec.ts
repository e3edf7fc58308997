import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Roster } from '../../../src/identity/roster';
import { RosterKeeper } from '../../../src/identity/roster-keeper';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { StudentEntity } from '../../../src/identity/student.entity';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';

interface Pod {
  roster: Roster;
  keeper: RosterKeeper;
  file: string;
  students: StudentDirectory;
}

describe.each(TESTED_DATABASES)('the roster of all pods on %s', (kind) => {
  const directory = temporaryDirectory('rosters');
  const running: RosterKeeper[] = [];
  let home: Home;
  let files = 0;

  beforeEach(async () => {
    home = await makeHome(kind);
    await (await home.open([StudentEntity])).migrate();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((keeper) => keeper.stop()));
    await home.remove();
  });
  afterAll(() => directory.remove());

  const write = (file: string, ...lines: string[]): void =>
    writeFileSync(file, ['student_id,hold', ...lines].join('\n'));

  /** A pod that starts with a file of its own. */
  async function pod(...lines: string[]): Promise<Pod> {
    const file = join(directory.path, `${kind}-${(files += 1)}.csv`);
    write(file, ...lines);
    const roster = new Roster(file);
    const database = await home.open([StudentEntity]);
    const students = new StudentDirectory(database);
    const keeper = new RosterKeeper(roster, database, students);
    running.push(keeper);
    await keeper.start();
    return { roster, keeper, file, students };
  }

  const everybody = Array.from({ length: 40 }, (_, number) => `s${number},`);

  it('is the one that any of them has read again, with its holds', async () => {
    const [one, other] = [await pod('s1,', 's2,', 's3,'), await pod('s1,', 's2,', 's3,')];
    write(one.file, 's1,no', 's2,Library fines');
    await one.keeper.reload();
    await waitFor(() => !other.roster.mayJoin('s3'), { what: 'the other pod to have the list' });
    expect(['s1', 's2', 's3'].map((id) => other.roster.refusal(id)?.code)).toEqual([
      ...[undefined, 'on_hold', 'not_on_roster'],
    ]);
    expect(other.roster.refusal('s2')?.details).toEqual({ reason: 'Library fines' });
  });

  it('is not undone by a pod that starts with a file that was the list once', async () => {
    const one = await pod('s1,', 's2,');
    write(one.file, 's1,');
    await one.keeper.reload();
    const late = await pod('s1,', 's2,');
    expect(late.roster.mayJoin('s2')).toBe(false);
    expect(one.roster.mayJoin('s2')).toBe(false);
  });

  it('is that of a pod that starts with a new file, and stays as it was when a file is bad', async () => {
    const one = await pod('s1,');
    const newer = await pod('s1,', 's2,');
    await waitFor(() => one.roster.mayJoin('s2'), { what: 'the first pod to have the list' });
    write(newer.file, 'not an id,');
    await expect(newer.keeper.reload()).rejects.toThrow('student_id');
    expect([one, newer].map(({ roster }) => roster.size)).toEqual([2, 2]);
  });

  it.each([
    ['of which half is missing', everybody.slice(0, 20)],
    ['that holds most', everybody.map((line, number) => (number < 30 ? `${line}x` : line))],
  ])('does not become a file %s, unless it is forced', async (_, lines) => {
    const [one, other] = [await pod(...everybody), await pod(...everybody)];
    write(one.file, ...lines);
    await expect(one.keeper.reload()).rejects.toMatchObject({
      code: 'invalid_input',
      details: { students: 40, lost: expect.any(Number) as number },
    });
    expect(one.keeper.refused?.students).toBe(40);
    const late = await pod(...lines);
    expect(late.keeper.refused?.students).toBe(40);
    for (const { roster } of [one, other, late]) expect(roster.refusal('s25')).toBeUndefined();
    await one.keeper.reload({ force: true });
    expect(one.keeper.refused).toBeUndefined();
    for (const { roster } of [one, other, late]) {
      await waitFor(() => roster.refusal('s25') !== undefined, { what: 'the forced list' });
    }
  });

  it('loses a few at once without force', async () => {
    const one = await pod(...everybody);
    write(one.file, ...everybody.slice(0, 31));
    await one.keeper.reload();
    expect(one.roster.size).toBe(31);
  });

  it('says the class year, name and mail of those who signed in before it did, and nothing of others', async () => {
    const one = await pod('s1,', 's2,');
    const known = { name: 'By SSO', email: 'sso@example.edu', classYear: '2', language: 'ko' } as const;
    for (const id of ['s1', 's2', 's3']) await one.students.upsert({ id, ...known });
    writeFileSync(one.file, 'student_id,class_year,name\ns1,4,Kim Minji\ns2,,\ns4,4,\n');
    await one.keeper.reload();
    await waitFor(async () => (await one.students.find('s1'))?.classYear === '4', { what: 'the row of s1' });
    expect(await one.students.find('s1')).toEqual({ ...known, id: 's1', classYear: '4', name: 'Kim Minji' });
    for (const id of ['s2', 's3']) expect(await one.students.find(id)).toEqual({ ...known, id });
    expect(await one.students.find('s4')).toBeUndefined();
  });
});
