import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocket } from 'ws';
import { type Connection, endOwnHeartbeat, ping } from './connection';

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
