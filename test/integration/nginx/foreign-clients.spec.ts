import { request } from 'node:http';
import { connect } from 'node:net';
import { type Nginx, startNginx } from '../../../load/servers/nginx';
import { type Pod, startPod } from '../../../load/servers/pod';
import { waitFor } from '../../../load/support/wait-for';

/** Short, so that what does not end is soon ended; nothing else here needs longer. */
const CONNECT_TIMEOUT_MS = 2_000;
/** So many that every one of them lands on the right pod by chance only once in a thousand runs. */
const CLIENTS = 10;

/** Two pods that know nothing of each other: a session is known where it was opened, and nowhere else. */
describe('clients of other makes behind nginx', () => {
  let pods: Pod[];
  let nginx: Nginx;

  beforeAll(async () => {
    const env = { CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MS) };
    pods = await Promise.all([startPod({ env }), startPod({ env })]);
    nginx = await startNginx(pods.map(({ port }) => `127.0.0.1:${port}`));
  });
  afterAll(async () => {
    await nginx?.stop();
    await Promise.all(pods.map((pod) => pod.stop()));
  });

  const polling = (query = ''): string => `${nginx.url}/socket.io/?EIO=4&transport=polling${query}`;

  /** Opens a session with this cookie, and asks on in it with another. */
  async function statusOfNext(first: string | undefined, next: (given: string) => string): Promise<number> {
    const opening = await fetch(polling(), { headers: first === undefined ? {} : { cookie: `sunbeon_pod=${first}` } });
    const given = /sunbeon_pod=([^;]*)/.exec(opening.headers.get('set-cookie') ?? '')?.[1];
    expect(given === undefined).toBe(first !== undefined);
    const { sid } = JSON.parse((await opening.text()).slice(1)) as { sid: string };
    const headers = { cookie: `sunbeon_pod=${next(given ?? first ?? '')}` };
    return (await fetch(polling(`&sid=${sid}`), { method: 'POST', headers, body: '3' })).status;
  }

  it.each<[string, (client: number) => string | undefined, (given: string) => string]>([
    ['the cookie that they were given', () => undefined, (given) => given],
    ['it, with quotes around it', () => undefined, (given) => `"${given}"`],
    ['one of earlier, in base64', (client) => `fwAAAWkVe${client}xXKAQAwMEAg==`, (given) => given],
    [
      'one of earlier, once they put quotes around it',
      (client) => `fwAAAWkVe${client}xXKAQAwMEAg==`,
      (given) => `"${given}"`,
    ],
  ])('stay with their pod when they send %s', async (_, first, next) => {
    const statuses = await Promise.all(
      Array.from({ length: CLIENTS }, (__, client) => statusOfNext(first(client), next)),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('are given a cookie that nobody puts quotes around', async () => {
    const cookie = (await fetch(nginx.url)).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^sunbeon_pod=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it.each([['/healthz'], ['/socket.io/?EIO=4&transport=polling']])(
    'are answered at %s, though they offer HTTP/2',
    async (path) => {
      const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAA' };
      const status = new Promise((resolve, reject) => {
        const asked = request(nginx.url + path, { headers }, (response) => resolve(response.resume().statusCode));
        asked.on('error', reject).end();
      });
      expect(await status).toBe(200);
    },
  );

  it('that send a body a byte at a time are cut', async () => {
    const socket = connect(nginx.port, '127.0.0.1');
    let closed = false;
    socket
      .on('error', () => undefined)
      .on('close', () => (closed = true))
      .resume();
    const head =
      'POST /api/sign-in/demo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n';
    socket.write(`${head}\r\n{`);
    const drip = setInterval(() => socket.write(' '), 250);
    await waitFor(() => closed, { what: 'the end' }).finally(() => clearInterval(drip));
  });

  it.each([
    ['br', 'gzip, deflate, br', 'br'],
    ['gzip', 'gzip, deflate', 'gzip'],
    ['nothing', 'identity', undefined],
  ])(
    'get the page and its script compressed by %s, from nginx and from the pod itself',
    async (_, accept, encoding) => {
      const page = await (await fetch(nginx.url)).text();
      const script = /assets\/[\w-]+\.js/.exec(page)?.[0] ?? '';
      for (const url of [nginx.url, pods[0]?.url]) {
        for (const [path, type] of [
          ['', 'text/html'],
          [script, 'text/javascript'],
        ]) {
          const headers = await headersOf(`${url}/${path}`, accept);
          expect([url, path, headers['content-encoding']]).toEqual([url, path, encoding]);
          expect(headers['content-type']).toContain(type);
          expect(headers.vary).toMatch(/accept-encoding/i);
        }
      }
    },
  );

  it('get what the service says in text compressed', async () => {
    expect((await headersOf(`${nginx.url}/api/docs-json`, 'gzip'))['content-encoding']).toBe('gzip');
  });
});

function headersOf(url: string, accept: string): Promise<NodeJS.Dict<string | string[]>> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'accept-encoding': accept, accept: '*/*' } }, (response) => {
      response.resume();
      resolve(response.headers);
    });
    asked.on('error', reject).end();
  });
}
