import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeRoomSchema } from '../../src/contract/operate/rooms';
import { termPolicyChangeSchema } from '../../src/contract/policy';
import { Roster, RosterError } from '../../src/identity/roster';

/** What a roster with this time says of it, without the line and the column. */
function rosterAnswer(time: string | number): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'roster-'));
  try {
    const file = join(directory, 'roster.csv');
    writeFileSync(file, `student_id,joins_from\ns1,${time}\n`);
    new Roster(file);
    return undefined;
  } catch (error) {
    return error instanceof RosterError ? error.problems.join().replace(/^line 2: joins_from: /, '') : undefined;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const answerOf = (problem: { error?: { issues: { message: string }[] } }): string | undefined =>
  problem.error?.issues.map(({ message }) => message).join();

describe('a time that is not understood', () => {
  it.each(['2026-03-29T02:30:00', '1999-01-01T00:00:00Z', 'soon'])(
    'is refused with an example of the right form, the same in every place: %s',
    (bad) => {
      const answer = answerOf(changeRoomSchema.safeParse({ opensAt: bad }));
      expect(answer).toContain('2026-02-16T09:00:00+09:00');
      expect(answerOf(termPolicyChangeSchema.safeParse({ windows: { senior: { from: bad } } }))).toBe(answer);
      expect(rosterAnswer(bad)).toBe(answer);
    },
  );

  it('is refused in seconds, which are said to be that', () => {
    const seconds = 1_774_747_800;
    const answer = answerOf(changeRoomSchema.safeParse({ opensAt: seconds }));
    expect(answer).toMatch(/2026-02-16T09:00:00\+09:00.*seconds/);
    expect(answerOf(termPolicyChangeSchema.safeParse({ windows: { other: { until: seconds } } }))).toBe(answer);
  });
});
