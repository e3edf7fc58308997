import type { Browser } from 'playwright-core';
import { startChromium } from '../../load/servers/chromium';
import { OperatorClient } from '../support/operator';
import { type Pod, startPod } from '../../load/servers/pod';
import { temporaryDirectory } from '../../load/servers/temporary-directory';
import { StudentPage } from './support/student-page';

const OPERATOR_TOKEN = 'operator-of-the-restored-line-0123456789';
const ROOM = 'restored';

const directory = temporaryDirectory('restored-line');
let browser: Browser;
let pod: Pod;

const start = (port?: number): Promise<Pod> =>
  startPod({ env: { OPERATOR_TOKENS: `tests:${OPERATOR_TOKEN}` }, dataDir: directory.path, port });

beforeAll(async () => {
  browser = await startChromium();
  pod = await start();
  await new OperatorClient(pod.url, OPERATOR_TOKEN).createRoom(ROOM, { ratePerSecond: 0 });
});

afterAll(async () => {
  await browser.close();
  await pod.stop();
  directory.remove();
});

async function openPage(studentId: string): Promise<StudentPage> {
  const context = await browser.newContext({ locale: 'en-US' });
  const student = await StudentPage.open(context, pod.url, `/rooms/${ROOM}`);
  await student.signIn(studentId);
  return student;
}

describe('a line that is being restored', () => {
  it('leaves standing what was shown, says so, and shows no position that is not known', async () => {
    const [first, second] = [await openPage('first'), await openPage('second')];
    await first.join();
    await second.join();
    const number = await second.shownNumber();
    await pod.kill();
    pod = await start(pod.port);
    await second.page.locator('.badge[data-state=recovering]').waitFor();
    await second.page.getByText('Nobody goes in until it stands again.').waitFor();
    expect(await second.shownNumber()).toBe(number);
    expect(await second.shownPosition()).toBe(2);
    expect(await second.ticket.getAttribute('data-live')).toBe('false');

    const late = await openPage('late');
    await late.join();
    expect(await late.position.innerText()).toBe('Shown as soon as the line is restored.');
    expect([...first.failures, ...second.failures, ...late.failures]).toEqual([]);
  });
});
