import { connect } from 'node:net';
import { waitFor } from '../../../load/support/wait-for';
import { ANSWER, ProtocolPod, QUESTION } from './protocol-pod';
import { RawPolling } from './raw-client';

const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n';
const WEBSOCKET =
  'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

let pod: ProtocolPod;

beforeAll(async () => {
  pod = await ProtocolPod.start();
});
afterEach(() => pod.closeSockets());
afterAll(() => pod?.stop());

/** Sends a request as it is written, and gives the status and body of its answer. */
async function tell(head: string, body = ''): Promise<{ status: number; text: string }> {
  const socket = connect(Number(new URL(pod.url).port), '127.0.0.1');
  let answer = '';
  let over = false;
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('close', () => (over = true));
  socket.on('error', () => undefined);
  socket.write(`${head}\r\n${body}`);
  const whole = (): boolean => {
    const [headers = '', text = ''] = answer.split('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(headers)?.[1];
    return over || (answer.includes('\r\n\r\n') && (length === undefined || text.length >= Number(length)));
  };
  await waitFor(whole, { what: 'an answer' });
  socket.destroy();
  return { status: Number(answer.split(' ')[1]), text: answer.split('\r\n\r\n')[1] ?? '' };
}

describe('a client that offers to speak another protocol', () => {
  it('is answered as if it had not', async () => {
    expect(await tell(`GET /healthz HTTP/1.1\r\nHost: x\r\n${H2C}`)).toMatchObject({ status: 200 });
  });

  it('has the body read that it sends along', async () => {
    const body = '{"studentId":"offers"}';
    const head = `POST /api/sign-in/demo HTTP/1.1\r\nHost: x\r\n${H2C}Content-Type: application/json\r\n`;
    const answer = await tell(`${head}Content-Length: ${body.length}\r\n`, body);
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('"offers"') as string });
  });

  it('may open a session by long-polling', async () => {
    const answer = await tell(`GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n${H2C}`);
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('"sid"') as string });
  });

  it('is answered by HTTP where it offers a WebSocket and there is none', async () => {
    expect(await tell(`GET /healthz HTTP/1.1\r\nHost: x\r\n${WEBSOCKET}`)).toMatchObject({ status: 200 });
  });

  it('is taken at its word where it offers a WebSocket among others, in any case', async () => {
    const offer = WEBSOCKET.replace('websocket', 'h2c, WebSocket');
    const { status } = await tell(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n${offer}`);
    // `ws` wants the name alone, and says so in HTTP.
    expect(status).toBe(400);
    const alone = WEBSOCKET.replace('websocket', 'WebSocket');
    expect(await tell(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n${alone}`)).toMatchObject({
      status: 101,
    });
  });

  it('is told in HTTP, and not inside a WebSocket, that it speaks an old Engine.IO', async () => {
    const old = await tell(`GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: x\r\n${WEBSOCKET}`);
    expect(old.status).toBe(400);
    expect(JSON.parse(old.text)).toMatchObject({ code: 5, message: expect.stringContaining('EIO=4') as string });
  });
});

describe('the page of another origin', () => {
  const session = (): Promise<RawPolling> => RawPolling.connected(pod.url, pod.token);
  const status = async (address: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(address, init)).status;
  const opening = (query: string): string => `${pod.url}/socket.io/?EIO=4&transport=polling${query}`;

  it.each(['&j=0', '&j=', '&j=x&j=0'])('opens no session as a script (%s)', async (query) => {
    expect(await status(opening(query))).toBe(400);
  });

  it('goes on with no session as a script', async () => {
    const { address } = await session();
    expect(await status(`${address}&j=0`)).toBe(400);
  });

  it.each(['same-site', 'cross-site'])('of a %s page gets nothing that it embeds', async (site) => {
    const headers = { 'sec-fetch-site': site };
    const { address } = await session();
    expect([await status(opening(''), { headers }), await status(address, { headers })]).toEqual([403, 403]);
  });

  it.each(['https://evil.example', 'null'])('(%s) speaks in no session that is open', async (origin) => {
    const raw = await session();
    const body = `421${QUESTION}`;
    expect(await status(raw.address, { method: 'POST', headers: { origin }, body })).toBe(403);
    expect(await raw.post(body)).toMatchObject({ status: 200 });
    expect(await raw.packets(1)).toEqual([`431${ANSWER}`]);
  });

  it('takes no session over by an upgrade', async () => {
    const { opening: given } = await session();
    const path = `/socket.io/?EIO=4&transport=websocket&sid=${given.sid}`;
    const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n${WEBSOCKET}`;
    expect(await tell(head)).toMatchObject({ status: 403, text: expect.stringContaining('origin_refused') as string });
  });

  it.each(['same-site', 'cross-site'])('of a %s page changes nothing where it has no origin', async (site) => {
    const headers = { 'sec-fetch-site': site };
    expect(await status(`${pod.url}/api/sign-out`, { method: 'POST', headers })).toBe(403);
  });

  it.each(['same-origin', 'none'])('is not what a request of %s is taken for', async (site) => {
    expect(await status(opening(''), { headers: { 'sec-fetch-site': site } })).toBe(200);
  });

  it('cannot run what it gets, or guess at what it is', async () => {
    const raw = await session();
    const answers = await Promise.all([fetch(opening('')), fetch(raw.address, { method: 'POST', body: '3' })]);
    for (const { headers } of answers) {
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});
