import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { LiveServer, LiveSocket } from '../session';
import { EncodedMessage } from './encoded-message';

/** Around the lengths at which a frame of the WebSocket says its length in another way, and far above. */
const LENGTHS = [0, 1, 60, 61, 62, 63, 64, 65, 66, 67, 68, 120, 130, 1_000, 30_000, 70_000];
const KOREAN = '순번';

describe('a message that is encoded once', () => {
  const http = createServer();
  const server: LiveServer = new Server(http, { perMessageDeflate: false, pingInterval: 20 });
  const clients: Socket[] = [];
  let url = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    const sockets = [...server.sockets.sockets.values()];
    const closed = sockets.map(({ conn }) => new Promise((resolve) => conn.once('close', resolve)));
    for (const client of clients) client.disconnect();
    await Promise.all(closed);
    await server.close();
  });

  const once = (client: Socket, event: string) => new Promise<void>((resolve) => client.once(event, () => resolve()));

  /** A stock client and our end of it, and the notices that it has heard. */
  async function connect(transports: string[]): Promise<{ client: Socket; socket: LiveSocket; heard: string[] }> {
    const client = io(url, { transports, forceNew: true });
    clients.push(client);
    const heard: string[] = [];
    client.on('room:state', ({ notice }: { notice: string }) => heard.push(notice));
    const socket = await new Promise<LiveSocket>((resolve) => server.once('connection', resolve));
    if (!client.connected) await once(client, 'connect');
    return { client, socket, heard };
  }

  const stateOf = (notice: string) => ({ notice }) as never;

  it.each([
    ['a WebSocket', ['websocket']],
    ['long-polling', ['polling']],
    ['polling that becomes a WebSocket meanwhile', ['polling', 'websocket']],
  ])('arrives in order with all else that is emitted, over %s', async (_, transports) => {
    const { client, socket, heard } = await connect(transports);
    const sent: string[] = [];
    for (let round = 0; round < 6; round++) {
      for (const length of LENGTHS) {
        const notice = `${round} ${KOREAN} ${'x'.repeat(length)}`;
        sent.push(notice, `${notice}!`);
        EncodedMessage.of('room:state', stateOf(notice)).writeTo(socket);
        if (round % 2 === 0) await new Promise(setImmediate);
        socket.emit('room:state', stateOf(`${notice}!`));
        if (round % 3 === 0) await new Promise(setImmediate);
      }
    }
    const answered = once(client, 'last');
    (socket as unknown as { emit(event: string): void }).emit('last');
    await answered;
    expect(heard).toEqual(sent);
  });

  it('is one for all, whatever transport each has', async () => {
    const all = [await connect(['websocket']), await connect(['polling']), await connect(['websocket'])];
    const message = EncodedMessage.of('room:state', stateOf(KOREAN));
    for (const { socket } of all) message.writeTo(socket);
    for (const { socket } of all) message.writeTo(socket);
    for (const { client, socket } of all) {
      const last = once(client, 'last');
      (socket as unknown as { emit(event: string): void }).emit('last');
      await last;
    }
    expect(all.map(({ heard }) => heard)).toEqual(all.map(() => [KOREAN, KOREAN]));
  });

  it('is not said to a socket that has gone', async () => {
    const { client, socket } = await connect(['websocket']);
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    client.disconnect();
    await gone;
    expect(() => EncodedMessage.of('room:state', stateOf('late')).writeTo(socket)).not.toThrow();
  });
});
