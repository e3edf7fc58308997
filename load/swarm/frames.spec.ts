import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { WebSocketServer } from 'ws';
import { clientFrame, FrameReader, OPCODE } from './frames';
import { RawWebSocket } from './raw-websocket';

interface FrameKind {
  opcode?: number;
  isLast?: boolean;
}

/** As a server writes it: without a mask. */
function serverFrame(payload: Buffer, { opcode = OPCODE.text, isLast = true }: FrameKind = {}): Buffer {
  const head = Buffer.from(
    payload.length < 126
      ? [payload.length]
      : payload.length < 65_536
        ? [126, payload.length >> 8, payload.length & 255]
        : [127, 0, 0, 0, 0, 0, (payload.length >> 16) & 255, (payload.length >> 8) & 255, payload.length & 255],
  );
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode]), head, payload]);
}

function read(chunks: Buffer[]): [number, string][] {
  const messages: [number, string][] = [];
  const reader = new FrameReader((opcode, payload) => messages.push([opcode, payload.toString()]));
  for (const chunk of chunks) reader.push(chunk);
  return messages;
}

describe('frames of a WebSocket', () => {
  it('are put together however the network has cut them', () => {
    const texts = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('x'.repeat(125), 'y'.repeat(126), 'z'.repeat(65_536))),
    );
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 70_000 })), (messages, cuts) => {
        let stream = Buffer.concat(messages.map((text) => serverFrame(Buffer.from(text))));
        const chunks: Buffer[] = [];
        for (const cut of cuts) {
          chunks.push(stream.subarray(0, cut));
          stream = stream.subarray(cut);
        }
        const whole = messages.map((text): [number, string] => [OPCODE.text, text]);
        expect(read([...chunks, stream])).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('that are parts of one message are one, also with a ping between them', () => {
    const chunk = Buffer.concat([
      serverFrame(Buffer.from('one '), { isLast: false }),
      serverFrame(Buffer.from(''), { opcode: OPCODE.ping }),
      serverFrame(Buffer.from('message'), { opcode: OPCODE.continuation }),
    ]);
    expect(read([chunk])).toEqual([
      [OPCODE.ping, ''],
      [OPCODE.text, 'one message'],
    ]);
  });

  it.each([
    ['masked', clientFrame('masked')],
    ['with a reserved bit', Buffer.from([0xc1, 0])],
    ['absurdly long', Buffer.from([0x81, 127, 0, 1, 0, 0, 0, 0, 0, 0])],
  ])('that are %s are refused', (_what, frame) => {
    expect(() => read([frame])).toThrow();
  });

  it.each([0, 1, 125, 126, 65_535, 65_536, 100_000])(
    'of %d bytes reach a real server, and come back',
    async (length) => {
      const server = createServer();
      const sockets = new WebSocketServer({ server });
      sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(data.toString())));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const text = 'é'.repeat(length).slice(0, length);
      const echoed = await new Promise<string>((resolve, reject) => {
        const socket: RawWebSocket = new RawWebSocket(
          { host: '127.0.0.1', port, path: '/' },
          { onOpen: () => socket.send(clientFrame(text)), onText: resolve, onClose: () => reject(new Error('closed')) },
        );
      });
      for (const client of sockets.clients) client.terminate();
      server.close();
      expect(echoed).toBe(text);
    },
  );
});
