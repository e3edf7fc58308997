import { request } from 'node:http';
import type { Cluster } from '../../../load/servers/cluster';
import type { Pod } from '../../../load/servers/pod';
import { signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { holdSections, openSections, startWithRoom, untilDraining } from './edge-cluster';

/** What the pods have for a gentle end, seconds: more than anything here takes, also on a busy machine. */
const DRAIN_SECONDS = 600;

describe('a pod that is told to stop', () => {
  let cluster: Cluster;
  let roomId: string;
  let pod: Pod;
  let students = 0;
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    ({ cluster, roomId } = await startWithRoom(
      { pods: 1, env: { DRAIN_SECONDS: String(DRAIN_SECONDS) } },
      { ratePerSecond: 100 },
    ));
    [pod] = cluster.pods as [Pod];
  });
  afterEach(async () => {
    for (const tab of tabs.splice(0)) tab.close();
    await pod.exited();
    pod = await cluster.addPod({ port: pod.port });
  });
  afterAll(() => cluster.stop());

  async function open(options: { transports?: string[] } = {}): Promise<StudentTab> {
    const { token } = await signInSso(cluster, `drain-${(students += 1)}`, pod.url);
    const tab = new StudentTab(pod.url, token, options);
    tabs.push(tab);
    await tab.connected();
    return tab;
  }

  /** A student who is inside and has asked for a seat that is not granted before the rows are let go. */
  async function committing(): Promise<{ tab: StudentTab; admission: string; sectionIds: string[]; key: string }> {
    const tab = await open();
    await tab.join(roomId);
    const { token: admission } = await tab.admitted();
    return { tab, admission, sectionIds: await openSections(pod.url, 1), key: `key-${students}` };
  }

  it('finishes the commits that are under way, over sockets and HTTP, and answers them before it goes', async () => {
    const { tab, admission, sectionIds, key } = await committing();
    const { token } = await signInSso(cluster, `drain-${students}`, pod.url);
    const letGo = await holdSections(cluster);
    const bySocket = tab.request('enrolment:commit', { termId: '20251', sectionIds, admission, idempotencyKey: key });
    const byHttp = fetch(`${pod.url}/api/terms/20251/enrolments`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        'admission-token': admission,
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ sectionIds }),
    });
    pod.signal('SIGTERM');
    await untilDraining(pod);
    await letGo();
    const granted = { results: [{ sectionId: sectionIds[0], outcome: 'enrolled' }] };
    expect(await bySocket).toMatchObject({ ok: true, ...granted });
    const answer = await byHttp;
    expect([answer.status, await answer.json()]).toMatchObject([200, granted]);
    expect(await pod.exited()).toEqual({ code: 0, signal: null });
  });

  it('tells every socket a time of its own, and closes it in a way that stock clients come back from', async () => {
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, index) => open({ transports: [index % 2 ? 'polling' : 'websocket'] })),
    );
    const times: number[] = [];
    const reasons: string[] = [];
    for (const { socket } of opened) {
      socket.on('server:draining', ({ reconnectInMs }) => times.push(reconnectInMs));
      socket.on('disconnect', (reason) => reasons.push(reason));
    }
    pod.signal('SIGTERM');
    expect(await pod.exited()).toEqual({ code: 0, signal: null });
    await waitFor(() => reasons.length === opened.length);
    expect(times).toHaveLength(opened.length);
    expect(new Set(times).size).toBeGreaterThan(opened.length / 2);
    expect(new Set(reasons)).toEqual(new Set(['transport close']));
    expect(opened.every(({ socket }) => socket.active)).toBe(true);
  });

  it('passes new handshakes over while it drains, and goes on serving the sessions it has', async () => {
    const { tab, admission, sectionIds, key } = await committing();
    const letGo = await holdSections(cluster);
    const commit = tab.request('enrolment:commit', { termId: '20251', sectionIds, admission, idempotencyKey: key });
    pod.signal('SIGTERM');
    await untilDraining(pod);
    const handshake = await fetch(`${pod.url}/socket.io/?EIO=4&transport=polling`);
    const unknown = await fetch(`${pod.url}/socket.io/?EIO=4&transport=polling&sid=unknown`);
    expect([handshake.status, unknown.status]).toEqual([503, 503]);
    expect(await upgradeOutcome(pod)).toBe('closed without an answer');
    const watched = await tab.request('seats:watch', { termId: '20251', sectionIds: [] });
    expect(watched).toEqual({ ok: true });
    await letGo();
    expect(await commit).toMatchObject({ ok: true });
    expect((await pod.exited()).code).toBe(0);
  });

  it('ends with another code when it has not drained within its deadline', async () => {
    await pod.stop();
    pod = await cluster.addPod({ port: pod.port, env: { DRAIN_SECONDS: '2' } });
    const { tab, admission, sectionIds, key } = await committing();
    const letGo = await holdSections(cluster);
    void tab
      .request('enrolment:commit', { termId: '20251', sectionIds, admission, idempotencyKey: key })
      .catch(() => undefined);
    await waitFor(() => tab.socket.connected);
    await tab.request('seats:watch', { termId: '20251', sectionIds: [] });
    pod.signal('SIGTERM');
    expect(await pod.exited()).toEqual({ code: 1, signal: null });
    await letGo();
  });

  it('ends at once, with another code, when it is told a second time', async () => {
    const { tab, admission, sectionIds, key } = await committing();
    const letGo = await holdSections(cluster);
    void tab
      .request('enrolment:commit', { termId: '20251', sectionIds, admission, idempotencyKey: key })
      .catch(() => undefined);
    await tab.request('seats:watch', { termId: '20251', sectionIds: [] });
    pod.signal('SIGTERM');
    await untilDraining(pod);
    let ended = false;
    const exit = pod.exited().then((outcome) => ((ended = true), outcome));
    await waitFor(() => ended || (pod.signal('SIGTERM'), false), { intervalMs: 100 });
    expect(await exit).toEqual({ code: 1, signal: null });
    await letGo();
  });
});

/** What becomes of a WebSocket handshake with the pod itself. */
function upgradeOutcome({ port }: Pod): Promise<string> {
  return new Promise((resolve) => {
    const upgrade = request({
      port,
      host: '127.0.0.1',
      path: '/socket.io/?EIO=4&transport=websocket',
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    upgrade.on('upgrade', (_, socket) => (socket.destroy(), resolve('upgraded')));
    upgrade.on('response', ({ statusCode }) => resolve(`answered with ${statusCode}`));
    upgrade.on('error', () => resolve('closed without an answer'));
    upgrade.end();
  });
}
