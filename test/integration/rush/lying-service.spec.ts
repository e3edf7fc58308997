import { rushCommand } from '../../../load/rush/command';
import type { ProblemName } from '../../../load/rush/judge';
import type { RushReport } from '../../../load/rush/report';
import type { Lie } from './lie';
import { startLyingService } from './lying-service';

/** Which promises each lie must be seen to break. */
const LIES: [lie: Lie, broken: ProblemName[]][] = [
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

/** What happens to students while they wait; nothing by default, for a victim who is away is not wronged. */
const EVENTS: Partial<Record<Lie, string>> = {
  'another number in the second tab': '--second-tab=1',
  'another number after a reconnect': '--reconnect=1',
};

async function rush(lie?: Lie): Promise<{ code: number; report: RushReport }> {
  const service = await startLyingService(lie);
  const lines: string[] = [];
  const quiet = ['--reconnect=0', '--reload=0', '--second-tab=0'];
  const events = lie ? [...quiet, EVENTS[lie] ?? ''].filter(Boolean) : [];
  const timeout = lie === 'somebody never let in' ? '6' : '60';
  const about = ['--students', '60', '--seed', 'lies', '--arrive', '0.8', '--timeout', timeout, '--json'];
  try {
    const args = [...about, '--url', service.url, '--operator-token', 'operator', ...events];
    const output = { out: (line: string) => void lines.push(line), error: () => undefined };
    const code = await rushCommand(args, output);
    return { code, report: JSON.parse(lines.at(-1) ?? '') as RushReport };
  } finally {
    await service.close();
  }
}

describe('the rush on a service that breaks a promise', () => {
  it('is content with the same service when it is honest', async () => {
    const { code, report } = await rush();
    expect(report).toMatchObject({ pass: true, joined: 60, admitted: 60, finished: 60, broken: [] });
    expect(report.refused.section_full).toBeGreaterThan(0);
    expect(code).toBe(0);
  }, 60_000);

  it.each(LIES)(
    'fails for %s',
    async (lie, broken) => {
      const { code, report } = await rush(lie);
      const found = report.broken.map(({ name }) => name);
      expect(found).toEqual(expect.arrayContaining(broken));
      expect(code).toBe(1);
      expect(report.pass).toBe(false);
      expect(report.completed).toBe(lie !== 'somebody never let in');
    },
    60_000,
  );

  it('says so when there is no service', async () => {
    const lines: string[] = [];
    const output = { out: (line: string) => void lines.push(line), error: () => undefined };
    const code = await rushCommand(['--url', 'http://127.0.0.1:9', '--operator-token', 'none', '--json'], output);
    expect(code).toBe(2);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ name: 'rush', pass: false });
  }, 60_000);
});
