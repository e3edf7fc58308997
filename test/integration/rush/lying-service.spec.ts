import { rushCommand } from '../../../load/rush/command';
import type { PromiseName } from '../../../load/judge/judge';
import type { Lie } from './lie';
import { rushOn } from './rush-on';

/** Which promises each lie must be seen to break. */
const LIES: [lie: Lie, broken: PromiseName[]][] = [
  ['a position that rises', ['positionsThatRose']],
  ['an overtake', ['overtakes']],
  ['a number given twice', ['wrongNumbers']],
  ['another number in the second tab', ['wrongNumbers']],
  ['another number after a reconnect', ['wrongNumbers']],
  ['somebody never let in', ['overtakes', 'lostStudents', 'wrongAnswers']],
  ['a seat too many', ['wrongOutcomes', 'sectionsOverCapacity']],
  ['a seat refused', ['wrongRefusals']],
  ['an enrolment lost', ['wrongOutcomes', 'wrongAnswers']],
];

/** What the lie needs to come out. */
const OPTIONS: Partial<Record<Lie, string[]>> = {
  'another number in the second tab': ['--second-tab=1'],
  'another number after a reconnect': ['--reconnect=1'],
  'somebody never let in': ['--timeout=6'],
};

describe('the rush on a service that breaks a promise', () => {
  it('is content with the same service when it is honest', async () => {
    const { code, report } = await rushOn();
    expect(report).toMatchObject({ pass: true, joined: 60, admitted: 60, finished: 60, broken: [] });
    expect(report.refused.section_full).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  it.each(LIES)(
    'fails for %s',
    async (lie, broken) => {
      const { code, report } = await rushOn(lie, OPTIONS[lie]);
      const found = report.broken.map(({ name }) => name);
      expect(found).toEqual(expect.arrayContaining(broken));
      expect(code).toBe(1);
      expect(report.pass).toBe(false);
      expect(report.completed).toBe(lie !== 'somebody never let in');
    },
    120_000,
  );

  it('says so when there is no service', async () => {
    const lines: string[] = [];
    const output = { out: (line: string) => void lines.push(line), error: () => undefined };
    const code = await rushCommand(['--url', 'http://127.0.0.1:9', '--operator-token', 'none', '--json'], output);
    expect(code).toBe(2);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ name: 'rush', pass: false });
  });
});
