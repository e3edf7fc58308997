import { get } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { type Cluster, startCluster } from '../../../load/servers/cluster';
import { type Nginx, startNginx } from '../../../load/servers/nginx';
import { signInSso } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

describe('nginx where TLS ends', () => {
  let cluster: Cluster;
  let nginx: Nginx;
  let socket: Socket | undefined;

  beforeAll(async () => {
    cluster = await startCluster();
    nginx = await startNginx(
      cluster.pods.map(({ port }) => `127.0.0.1:${port}`),
      { tls: true },
    );
  });
  afterEach(() => socket?.disconnect());
  afterAll(async () => {
    await nginx.stop();
    await cluster.stop();
  });

  function headersOf(path: string): Promise<IncomingHttpHeaders> {
    return new Promise((resolve, reject) => {
      const request = get(nginx.url + path, { ca: nginx.certificate }, (response) => {
        response.resume();
        resolve(response.headers);
      });
      request.on('error', reject);
    });
  }

  it('serves the page, with a cookie for secure connections only', async () => {
    const headers = await headersOf('/');
    expect(headers['content-type']).toContain('text/html');
    const cookie = headers['set-cookie']?.find((one) => one.startsWith('sunbeon_pod=')) ?? '';
    expect(cookie).toMatch(/; secure/i);
    expect(cookie).toMatch(/; httponly/i);
  });

  it.each([['websocket'], ['polling']])('carries sockets by %s', async (transport) => {
    const { token } = await signInSso(cluster, `tls-${transport}`);
    const options = { transports: [transport], auth: { token }, ca: nginx.certificate, withCredentials: true };
    socket = io(nginx.url, { ...options, forceNew: true });
    await waitFor(() => socket?.connected, { what: 'the socket' });
    const reply: unknown = await socket.timeout(60_000).emitWithAck('seats:watch', { termId: 'any', sectionIds: [] });
    expect(reply).toMatchObject({ ok: true });
  });
});
