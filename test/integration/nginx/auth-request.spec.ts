import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cluster, startCluster } from '../../../load/servers/cluster';
import { checkNginx, type Nginx, startNginx } from '../../../load/servers/nginx';
import { OperatorClient } from '../../support/operator';
import { signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

const ROOM_PAGE = 'https://register.example.ac.kr/rooms/fall';

describe('a site behind the room, by the sample of auth_request', () => {
  let cluster: Cluster;
  let nginx: Nginx;
  let site: Server;
  let seen: IncomingHttpHeaders[] = [];
  let tab: StudentTab;
  let token: string;

  beforeAll(async () => {
    cluster = await startCluster({ own: true });
    site = createServer((request, response) => {
      seen.push(request.headers);
      response.end('inside');
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const pods = cluster.pods.map(({ port }) => `127.0.0.1:${port}`);
    const server = `127.0.0.1:${(site.address() as AddressInfo).port}`;
    nginx = await startNginx(pods, { site: { server, roomId: 'fall', roomPage: ROOM_PAGE } });
    const operator = new OperatorClient(cluster.url, cluster.operatorToken);
    for (const id of ['fall', 'spring']) await operator.createRoom(id, { ratePerSecond: 100 });
    tab = new StudentTab(cluster.url, (await signInSso(cluster, 'anna')).token);
    await tab.connected();
    token = await admittedTo('fall');
  });
  beforeEach(() => (seen = []));
  afterAll(async () => {
    tab.close();
    await nginx.stop();
    site.closeAllConnections();
    site.close();
    await cluster.stop();
  });

  /** Joins a room; resolves to the token of the admission. */
  async function admittedTo(roomId: string): Promise<string> {
    const before = tab.admissions.length;
    await waitFor(() => tab.join(roomId), { what: 'the room' });
    await waitFor(() => tab.admissions.length > before, { what: 'the admission' });
    return tab.admissions.at(-1)?.token ?? '';
  }

  const finish = async (roomId: string): Promise<void> =>
    expect(await tab.socket.emitWithAck('admission:finish', { roomId })).toMatchObject({ ok: true });

  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${nginx.siteUrl}/any`, { headers, redirect: 'manual' });

  it('is accepted by nginx without a warning', async () => {
    const options = { site: { server: '127.0.0.1:3003', roomId: 'fall', roomPage: ROOM_PAGE } };
    const { code, output } = await checkNginx(['127.0.0.1:3001', '127.0.0.1:3002'], options);
    expect(output).not.toMatch(/\[(warn|emerg|alert|error)\]/);
    expect(code).toBe(0);
  });

  it.each<[string, () => Record<string, string>]>([
    ['header', () => ({ 'Admission-Token': token })],
    ['cookie', () => ({ Cookie: `sunbeon_admission=${token}` })],
  ])('is open to who is inside, by a %s, and is told who that is', async (_, credentials) => {
    const response = await ask({ ...credentials(), 'X-Sunbeon-Student': 'somebody-else' });
    expect([response.status, await response.text()]).toEqual([200, 'inside']);
    expect(seen).toMatchObject([{ 'x-sunbeon-student': 'anna', 'x-sunbeon-room': 'fall' }]);
  });

  it.each<[string, () => Record<string, string>]>([
    ['no admission', () => ({})],
    ['a forged one', () => ({ 'Admission-Token': `${token.slice(0, -4)}AAAA` })],
  ])('sends whoever has %s to the room', async (_, credentials) => {
    const response = await ask(credentials());
    expect([response.status, response.headers.get('location')]).toEqual([303, ROOM_PAGE]);
    expect(seen).toEqual([]);
  });

  it('is shut to who is inside of another room', async () => {
    const response = await ask({ 'Admission-Token': await admittedTo('spring') });
    expect([response.status, response.headers.get('location')]).toEqual([303, ROOM_PAGE]);
  });

  it('is open to who is inside, and to nobody with an admission of earlier, while the database stands still', async () => {
    const earlier = token;
    await finish('fall');
    token = await admittedTo('fall');
    cluster.database.pause();
    try {
      const status = async (given: string): Promise<number> => (await ask({ 'Admission-Token': given })).status;
      expect(await Promise.all([status(token), status(earlier)])).toEqual([200, 303]);
    } finally {
      cluster.database.resume();
    }
  });

  it('is shut again to who has finished', async () => {
    await waitFor(() => finish('fall').then(() => true), { what: 'the finish' });
    await waitFor(async () => (await ask({ 'Admission-Token': token })).status === 303, { what: 'the end' });
  });
});
