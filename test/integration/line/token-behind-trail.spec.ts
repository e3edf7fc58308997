import { type Connection, createConnection } from 'mysql2/promise';
import { type Cluster, startCluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import type { Pod } from '../../../load/servers/pod';
import { signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { untilLive } from '../../support/demo-room';

const ROOM = 'behind';

describe('the token of an admission', () => {
  let cluster: Cluster;
  let operator: OperatorClient;
  let holder: Connection;
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    cluster = await startCluster({ own: true });
    operator = new OperatorClient(cluster.url, cluster.operatorToken);
    await operator.createRoom(ROOM, { control: 'paused' });
    await untilLive(cluster.pods, ROOM);
    holder = await createConnection(cluster.database.url);
  });
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    holder.destroy();
    await cluster.stop();
  });

  async function joined(pod: Pod | undefined): Promise<StudentTab> {
    const tab = new StudentTab(pod?.url ?? '', (await signInSso(cluster, 'anna')).token);
    tabs.push(tab);
    await tab.connected();
    await tab.join(ROOM);
    return tab;
  }

  it('is given to no tab before the trail has the admission, and then to all of them, the same', async () => {
    const [one, two] = cluster.pods;
    const first = await joined(one);
    await waitFor(async () => (await operator.call('GET', `/rooms/${ROOM}`)).trailLag === 0, { what: 'the trail' });
    await holder.query('LOCK TABLES trail WRITE');
    await operator.call('POST', `/rooms/${ROOM}/students/anna/admit`, { note: 'accommodation' });
    const later = [await joined(two), await joined(one)];
    // Whatever had been told to the first tab has come before this answer.
    await first.join(ROOM);
    expect([first, ...later].map(({ ticket }) => ticket?.state)).toEqual(['waiting', 'waiting', 'waiting']);
    expect([first, ...later].flatMap(({ admissions }) => admissions)).toEqual([]);
    await holder.query('UNLOCK TABLES');
    const told = await Promise.all([first, ...later].map((tab) => tab.admitted()));
    const payloads = told.map(({ token }) => token.split('.')[1]);
    expect(new Set(payloads).size).toBe(1);
  });
});
