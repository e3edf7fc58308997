import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { Cluster } from '../../../load/servers/cluster';
import { signInSso, StudentTab } from '../../support/student';
import { openSections, startWithRoom } from './edge-cluster';

const AHEAD_MS = 300_000;
/** Far from being ahead, and longer than any test takes. */
const CLOSE_MS = AHEAD_MS / 2;
const CLOCK = join(__dirname, '..', '..', 'support', 'clock-ahead.cjs');

describe('a pod whose clock is five minutes ahead of the stores', () => {
  let cluster: Cluster;
  let roomId: string;
  let tab: StudentTab;

  beforeAll(async () => {
    const env = {
      ...{ NODE_OPTIONS: `--require ${CLOCK}`, CLOCK_AHEAD_MS: String(AHEAD_MS), CLOCK_SKEW_LIMIT_SECONDS: '3600' },
    };
    ({ cluster, roomId } = await startWithRoom({ pods: 1, env }, { ratePerSecond: 100 }));
    tab = new StudentTab(cluster.url, (await signInSso(cluster, 'early')).token);
    await tab.connected();
  });
  afterAll(async () => {
    tab?.close();
    await cluster?.stop();
  });

  it('lets its students enrol, and dates what they are told by the clock of the database', async () => {
    const { room } = await tab.join(roomId);
    expect(Math.abs(room.serverTime - Date.now())).toBeLessThan(CLOSE_MS);
    const { token, expiresAt, serverTime } = await tab.admitted();
    expect(Math.abs(serverTime - Date.now())).toBeLessThan(CLOSE_MS);
    expect(expiresAt - Date.now()).toBeGreaterThan(0);
    const sectionIds = await openSections(cluster.url, 1);
    const request = { termId: '20251', sectionIds, admission: token, idempotencyKey: 'clock' };
    const reply = await tab.request('enrolment:commit', request);
    expect(reply).toMatchObject({ ok: true, results: [{ outcome: 'enrolled' }] });
    const database = await new DataSource({ type: 'mysql', url: cluster.database.url }).initialize();
    const [mail] = await database.query<{ created_at: string }[]>('SELECT created_at FROM outbox');
    await database.destroy();
    expect(Math.abs(Number(mail?.created_at) - Date.now())).toBeLessThan(CLOSE_MS);
  });

  it('tells browsers the time of the database, and operators by how much it is off', async () => {
    const config = (await (await fetch(`${cluster.url}/api/config`)).json()) as { serverTime: number };
    expect(Math.abs(config.serverTime - Date.now())).toBeLessThan(CLOSE_MS);
    const headers = { authorization: `Bearer ${cluster.metricsToken}` };
    const metrics = await (await fetch(`${cluster.pods[0]?.url}/metrics`, { headers })).text();
    for (const store of ['database', 'line']) {
      const skew = new RegExp(`^sunbeon_clock_skew_seconds\\{store="${store}"\\} (\\S+)$`, 'm').exec(metrics)?.[1];
      expect(Number(skew) * 1_000).toBeGreaterThan(CLOSE_MS);
    }
  });
});
