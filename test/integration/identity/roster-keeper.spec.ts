import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Roster } from '../../../src/identity/roster';
import { RosterKeeper } from '../../../src/identity/roster-keeper';
import { StudentEntity } from '../../../src/identity/student.entity';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';

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
  async function pod(...lines: string[]): Promise<{ roster: Roster; keeper: RosterKeeper; file: string }> {
    const file = join(directory.path, `${kind}-${(files += 1)}.csv`);
    write(file, ...lines);
    const roster = new Roster(file);
    const keeper = new RosterKeeper(roster, await home.open([StudentEntity]));
    running.push(keeper);
    await keeper.start();
    return { roster, keeper, file };
  }

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
});
