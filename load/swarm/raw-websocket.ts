import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, OPCODE } from './frames';

export interface Destination {
  host: string;
  port: number;
  /** With query. */
  path: string;
  /** Our end: one address has some 28,000 ports for each destination. */
  localAddress?: string;
  /** More headers of the request. */
  headers?: Readonly<Record<string, string>>;
}

export interface RawListener {
  onOpen: () => void;
  onText: (text: string) => void;
  /** Once, whoever ended it. @param why '' when it was open and simply ended */
  onClose: (why: string) => void;
}

/** What has just been read, by whichever socket: it is looked through before the next one reads. */
const READ_BUFFER = Buffer.allocUnsafe(64 * 1_024);

/** No head of an answer is longer. */
const LONGEST_HEAD = 16_384;
const SWITCHED = 'HTTP/1.1 101 ';

/** A WebSocket over a bare TCP socket: a tenth of the memory and of the CPU time of a full client. */
export class RawWebSocket {
  private readonly socket: Socket;
  private reader?: FrameReader;
  private head?: Buffer;
  private isClosed = false;
  private why = '';

  constructor(
    { host, port, path, localAddress, headers = {} }: Destination,
    private readonly listener: RawListener,
  ) {
    const onread = { buffer: READ_BUFFER, callback: (bytes: number) => this.take(READ_BUFFER.subarray(0, bytes)) };
    this.socket = connect({ host, port, localAddress, noDelay: true, onread });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${lines.join('')}\r\n`,
    );
    this.socket.on('error', (error: NodeJS.ErrnoException) => (this.why ||= error.code ?? error.message));
    this.socket.on('close', () => this.close());
  }

  /** A whole frame (see `clientFrame`). */
  send(frame: Buffer): void {
    if (!this.isClosed) this.socket.write(frame);
  }

  /** Ends it at once; nothing is heard of it any more. */
  destroy(): void {
    this.isClosed = true;
    this.socket.destroy();
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener.onClose(this.why || (this.reader ? '' : 'not upgraded'));
  }

  private take(chunk: Buffer): boolean {
    if (this.isClosed) return false;
    try {
      if (this.reader) this.reader.push(chunk);
      else this.takeHead(chunk);
    } catch (error) {
      this.why ||= error instanceof Error ? error.message : String(error);
      this.socket.destroy();
    }
    return true;
  }

  private takeHead(chunk: Buffer): void {
    const head = this.head ? Buffer.concat([this.head, chunk]) : chunk;
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) {
      if (head.length > LONGEST_HEAD) throw new Error('no end of the head');
      this.head = Buffer.from(head);
      return;
    }
    this.head = undefined;
    const status = head.toString('latin1', 0, SWITCHED.length);
    if (status !== SWITCHED) throw new Error(`not upgraded: ${status.slice(9, 12)}`);
    this.reader = new FrameReader((opcode, payload) => this.hear(opcode, payload));
    this.listener.onOpen();
    if (head.length > end + 4) this.reader.push(head.subarray(end + 4));
  }

  private hear(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.text) this.listener.onText(payload.toString());
    else if (opcode === OPCODE.ping) this.send(clientFrame(payload, OPCODE.pong));
    else if (opcode === OPCODE.close) this.socket.end(clientFrame(payload, OPCODE.close));
  }
}
