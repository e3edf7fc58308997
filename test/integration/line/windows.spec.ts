import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn, StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const DAY_MS = 86_400_000;
/** Long enough for everybody to be here before it, also on a busy machine, ms. */
const SOON_MS = 20_000;

describe('the door of a room', () => {
  const directory = temporaryDirectory('windows');
  const tabs: StudentTab[] = [];
  let operator: OperatorClient;
  let pod: Pod;
  let opensAt: number;

  beforeAll(async () => {
    const file = join(directory.path, 'roster.csv');
    const write = (soon: string, ...more: string[]): void => {
      const tomorrow = new Date(Date.now() + DAY_MS).toISOString();
      const rows = [`one,,${soon}`, `two,,${soon}`, `three,,${soon}`, `day,,${tomorrow}`, 'fr,1,', 'sr,4,', ...more];
      writeFileSync(file, ['student_id,class_year,joins_from', ...rows].join('\n'));
    };
    write('');
    pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, ROSTER_FILE: file } });
    operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
    await operator.createRoom('windows', { site: false, capacity: 0 });
    for (const id of ['one', 'two', 'three', 'day', 'fr', 'sr']) tabs.push(await StudentTab.open(pod.url, id));
    opensAt = Date.now() + SOON_MS;
    write(new Date(opensAt).toISOString(), 'new,,');
    pod.signal('SIGHUP');
    await waitFor(() => signIn(pod.url, 'new'), { what: 'the roster to be read' });
  });
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await pod.stop();
    directory.remove();
  });

  const tab = (index: number): StudentTab => tabs[index] as StudentTab;
  const ask = (index: number) => tab(index).request('line:join', { roomId: 'windows' });
  const waiting = async (): Promise<unknown> => (await operator.call('GET', '/rooms/windows')).waiting;

  it('takes those who came before their window at its instant, in order of arrival, before whoever comes then', async () => {
    const early = { ok: false, error: { code: 'window_not_open', details: { opensAt } } };
    expect(await ask(1)).toMatchObject(early);
    expect(await ask(0)).toMatchObject(early);
    expect(await waiting()).toBe(0);
    await waitFor(async () => (await ask(2)).ok, { what: 'the window to open', intervalMs: 200 });
    await waitFor(() => [0, 1, 2].every((index) => tab(index).ticket), { what: 'the tickets' });
    expect([1, 0, 2].map((index) => tab(index).ticket?.number)).toEqual([1, 2, 3]);
  });

  it('gives no place to whose day is another one, and says when it is', async () => {
    await waitFor(async () => (await waiting()) === 3, { what: 'the three to wait' });
    expect(await ask(3)).toMatchObject({ ok: false, error: { code: 'window_not_open' } });
    expect(await waiting()).toBe(3);
    expect(tab(3).tickets).toEqual([]);
  });

  it('counts the windows of class years, and takes the place from those whose window ends', async () => {
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    await ask(5);
    await operator.call('PATCH', '/terms/20251/policy', {
      windows: { firstyear: { from: at(DAY_MS) }, senior: { from: at(-2 * DAY_MS), until: at(-DAY_MS) } },
    });
    await waitFor(() => tab(5).left.length > 0, { what: 'the place to be taken' });
    expect(await ask(5)).toMatchObject({ ok: false, error: { code: 'window_closed' } });
    expect(await ask(4)).toMatchObject({ ok: false, error: { code: 'window_not_open' } });
    expect(tab(4).tickets).toEqual([]);
  });
});
