import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Server } from 'socket.io';
import { WebSocket } from 'ws';
import { type Connection, endOwnHeartbeat, inOneWrite, ping, PromptWebSocketServer } from './connection';

/** What engine.io keeps of its own heartbeat, and what we rely on. */
interface OwnTimers {
  pingIntervalTimer: NodeJS.Timeout | null;
  pingTimeoutTimer: NodeJS.Timeout | null;
}

describe("a connection's heartbeat, as engine.io has it", () => {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket', 'polling'] });
  let url: string;

  beforeAll(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `127.0.0.1:${(http.address() as AddressInfo).port}/socket.io/?EIO=4&transport=`;
  });
  afterAll(() => server.close());

  async function opened(): Promise<Connection & OwnTimers> {
    const [connection] = (await once(server.engine, 'connection')) as [Connection & OwnTimers];
    expect(connection.pingIntervalTimer?.hasRef()).toBe(true);
    endOwnHeartbeat(connection);
    expectNone(connection);
    return connection;
  }

  /** Nothing of it is left, nor comes back. */
  function expectNone({ pingIntervalTimer, pingTimeoutTimer, readyState }: Connection & OwnTimers): void {
    expect({ pingIntervalTimer, pingTimeoutTimer, readyState }).toEqual({
      pingIntervalTimer: null,
      pingTimeoutTimer: null,
      readyState: 'open',
    });
  }

  const heard = (connection: Connection): Promise<string> =>
    new Promise((resolve) => connection.on('packet', ({ type }) => resolve(type)));

  it('is ended, and asked by hand, over a WebSocket', async () => {
    const opening = opened();
    const client = new WebSocket(`ws://${url}websocket`);
    const words: string[] = [];
    client.on('message', (data: Buffer) => words.push(data.toString()));
    const connection = await opening;
    const answer = heard(connection);
    client.on('message', (data: Buffer) => void (data.toString() === '2' && client.send('3')));
    ping(connection);
    expect(await answer).toBe('pong');
    expectNone(connection);
    expect(words.slice(1)).toEqual(['2']);
    client.terminate();
  });

  it('is ended, and asked by hand, over long-polling', async () => {
    const opening = opened();
    const open = await fetch(`http://${url}polling`).then((response) => response.text());
    const connection = await opening;
    const session = `http://${url}polling&sid=${(JSON.parse(open.slice(1)) as { sid: string }).sid}`;
    ping(connection);
    expect(await fetch(session).then((response) => response.text())).toBe('2');
    const answer = heard(connection);
    await fetch(session, { method: 'POST', body: '3' });
    expect(await answer).toBe('pong');
    expectNone(connection);
    connection.close(true);
  });
});

describe('what is sent over a connection', () => {
  const http = createServer();
  const server = new Server(http, { wsEngine: PromptWebSocketServer, perMessageDeflate: false });
  let client: Socket;

  beforeAll(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  beforeEach(() => {
    const { port } = http.address() as AddressInfo;
    client = connect(port, '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    const lines = ['Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    client.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${lines.join('\r\n')}\r\n`);
    client.write(`Sec-WebSocket-Key: ${key}\r\n\r\n`);
  });
  afterEach(() => client.destroy());
  afterAll(() => server.close());

  /** What one write has brought, as text: frames of the server are not masked. */
  const read = async (): Promise<string> => ((await once(client, 'data')) as [Buffer])[0].toString('latin1');

  it('first comes in one write with the answer to the handshake', async () => {
    expect(await read()).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\n\x81.*0\{"sid"/);
  });

  it('together comes in one write, in order, and so does what follows', async () => {
    const [connection] = (await once(server.engine, 'connection')) as [Connection];
    await read();
    const sent = { wsPreEncodedFrame: [Buffer.from('\x81\x024b', 'latin1')] };
    await new Promise<void>((resolve) => setImmediate(resolve));
    inOneWrite(connection, () => {
      connection.write('a', {} as never);
      connection.write('b', sent);
      connection.write('c', {} as never);
    });
    expect(await read()).toBe('\x81\x024a\x81\x024b\x81\x024c');
    connection.write('d', {} as never);
    expect(await read()).toBe('\x81\x024d');
  });
});
