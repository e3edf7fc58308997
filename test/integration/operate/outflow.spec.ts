import { createConnection, type Connection } from 'mysql2/promise';
import { type Cluster } from '../../../load/servers/cluster';
import { signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { openSections, startWithRoom } from '../edge/edge-cluster';
import { untilLive } from '../../support/demo-room';

const TERM = '20251';

describe('the outflow of a pod', () => {
  let cluster: Cluster;
  let roomId: string;
  let tab: StudentTab;
  let holder: Connection;

  beforeAll(async () => {
    ({ cluster, roomId } = await startWithRoom({ own: true, pods: 1 }, { ratePerSecond: 100, capacity: 100 }));
    await untilLive(cluster.pods, roomId);
    tab = new StudentTab(podUrl(), (await signInSso(cluster, 'one', podUrl())).token);
    await tab.connected();
    holder = await createConnection(cluster.database.url);
  });
  afterAll(async () => {
    tab.close();
    holder.destroy();
    await cluster.stop();
  });

  const podUrl = (): string => cluster.pods[0]?.url ?? '';

  async function share(): Promise<number> {
    const response = await fetch(`${podUrl()}/metrics`, {
      headers: { authorization: `Bearer ${cluster.metricsToken}` },
    });
    return Number(/^sunbeon_outflow_share (\S+)$/m.exec(await response.text())?.[1]);
  }

  it('is cut while the database is slow with seats, and comes back by itself', async () => {
    expect(await share()).toBe(1);
    await tab.join(roomId);
    const { token: admission } = await tab.admitted();
    const [sectionId = ''] = await openSections(podUrl(), 1);
    await holder.beginTransaction();
    await holder.query('SELECT id FROM section WHERE id = ? FOR UPDATE', [sectionId]);
    const request = { termId: TERM, sectionIds: [sectionId], admission, idempotencyKey: 'slow' };
    const reply = tab.request('enrolment:commit', request);
    // Longer than what counts as slow; then the seat is free to be granted.
    await holder.query('SELECT SLEEP(1.5)');
    await holder.rollback();
    expect(await reply).toMatchObject({ ok: true, results: [{ outcome: 'enrolled' }] });
    await waitFor(async () => (await share()) <= 0.5, { what: 'the outflow to be cut' });
    await waitFor(async () => (await share()) === 1, { what: 'the outflow to come back' });
  });
});
