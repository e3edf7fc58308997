import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { waitFor } from '../../../load/support/wait-for';

/** A TCP connection on which anything may be said: what hostile clients are made of. */
export class RawSocket {
  /** The other side has ended it, or has said that it does: a WebSocket is then owed an answer that never comes. */
  isCut = false;
  private heard = '';

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      if (endsWithClose(data)) this.isCut = true;
      this.heard = (this.heard + data.toString('latin1')).slice(-4_096);
    });
    for (const event of ['close', 'end', 'error'] as const) socket.on(event, () => (this.isCut = true));
  }

  static open(port: number): RawSocket {
    return new RawSocket(connect(port, '127.0.0.1'));
  }

  /** Upgraded to a WebSocket of engine.io. @throws Error when that is refused */
  static async webSocket(port: number): Promise<RawSocket> {
    const raw = RawSocket.open(port);
    raw.say(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        '\r\n',
      ].join('\r\n'),
    );
    await raw.until('0{');
    return raw;
  }

  /** A WebSocket that is signed in, as far as socket.io. @throws Error when that is refused */
  static async signedIn(port: number, token: string): Promise<RawSocket> {
    const raw = await RawSocket.webSocket(port);
    raw.sayFrame(`40${JSON.stringify({ token })}`);
    await raw.until('40{');
    return raw;
  }

  say(bytes: string | Buffer): void {
    if (!this.isCut) this.socket.write(bytes);
  }

  /** @param opcode 1 = text, 2 = binary; 3 to 7 mean nothing */
  sayFrame(payload: string | Buffer, opcode = 1): void {
    this.say(frame(Buffer.from(payload), opcode));
  }

  stopReading(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  private async until(text: string): Promise<void> {
    await waitFor(() => this.heard.includes(text) || this.isCut, { what: text, timeoutMs: 5_000 });
    if (!this.heard.includes(text)) throw new Error('the connection was refused');
  }
}

/** Whether the last thing said is a close frame: nothing comes after it, and it is short (RFC 6455, 5.5.1). */
function endsWithClose(data: Buffer): boolean {
  const at = data.lastIndexOf(0x88);
  return at >= 0 && data[at + 1] === data.length - at - 2;
}

/** One masked frame, as clients send them (RFC 6455, 5.2). */
function frame(payload: Buffer, opcode: number): Buffer {
  const mask = randomBytes(4);
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([head, mask, masked]);
}
