import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { SHORT_GRACE_SECONDS, SHORT_TIMES } from '../../support/short-times';
import { StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { allPlaced, runTrail, shownPosition } from './lottery-world';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const ENVIRONMENT = { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, ...SHORT_TIMES };
const STUDENTS = ['anna', 'ben', 'chris', 'dora', 'emil'];

describe('a lottery whose line is lost', () => {
  const directory = temporaryDirectory('lottery-restart');
  const roomId = 'lottery';
  const world = { commandLine: ['--data-dir', directory.path] };
  let pod: Pod;
  let tabs: StudentTab[] = [];

  const start = async (): Promise<void> => void (pod = await startPod({ dataDir: directory.path, env: ENVIRONMENT }));
  const operator = (): OperatorClient => new OperatorClient(pod.url, OPERATOR_TOKEN);

  beforeAll(start);
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await pod.stop();
    directory.remove();
  });

  /** The server is killed and started again, and everybody comes back to the place. */
  async function lose(): Promise<void> {
    const seen = async (): Promise<boolean> => {
      const response = await fetch(`${pod.url}/api/rooms/${roomId}`);
      return ((await response.json()) as { waiting: number }).waiting === STUDENTS.length;
    };
    await waitFor(seen, { what: 'the pod to see everybody' });
    const report = (): Promise<{ trailLag?: number }> => operator().call('GET', `/rooms/${roomId}`);
    await waitFor(async () => (await report()).trailLag === 0, { what: 'the trail' });
    const kept = tabs.map((tab) => tab.ticket?.ticket ?? '');
    for (const tab of tabs) tab.close();
    await pod.kill();
    await start();
    tabs = await Promise.all(STUDENTS.map((student) => StudentTab.open(pod.url, student)));
    for (const [index, tab] of tabs.entries()) {
      await waitFor(() => tab.join(roomId, { resume: true, ticket: kept[index] }), { what: 'the line' });
    }
  }

  it('is drawn once, after a loss before the draw and not again after one behind it', async () => {
    const opensAt = Date.now() + 3_600_000;
    await operator().createRoom(roomId, { lottery: true, opensAt, graceSeconds: SHORT_GRACE_SECONDS });
    tabs = await Promise.all(STUDENTS.map((student) => StudentTab.open(pod.url, student)));
    for (const tab of tabs) await waitFor(() => tab.join(roomId), { what: 'the room' });
    await lose();
    await operator().changeRoom(roomId, { opensAt: Date.now(), capacity: 0 });
    await waitFor(() => allPlaced(tabs), { what: 'the draw' });
    const drawn = tabs.map(shownPosition);
    await lose();
    await waitFor(() => allPlaced(tabs), { what: 'the line' });
    expect(tabs.map(shownPosition)).toEqual(drawn);
    expect([...drawn].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await runTrail(world, 'verify', roomId)).toMatchObject({ pass: true, violations: [], epochs: 3 });
    expect(await runTrail(world, 'lottery', roomId)).toMatchObject({ pass: true, problems: [] });
  });
});
