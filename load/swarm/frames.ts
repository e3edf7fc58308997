/** WebSocket frames (RFC 6455), as far as a client of this service needs them. Pure. */

/** What a frame carries. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A client masks what it sends. Any mask but zero makes the server do its usual work, and need not be a secret here. */
const MASK = Buffer.from([0x5b, 0x27, 0x9e, 0xd3]);

/** Nothing that the service sends is near it: a length beyond is a broken stream, not a long message. */
const LONGEST_PAYLOAD = 16 * 1_024 * 1_024;

/** One whole masked frame. */
export function clientFrame(payload: Buffer | string, opcode: number = OPCODE.text): Buffer {
  const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const { length } = data;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  else if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const maskAt = 2 + extended;
  MASK.copy(frame, maskAt);
  for (let i = 0; i < length; i += 1) frame[maskAt + 4 + i] = data[i]! ^ MASK[i & 3]!;
  return frame;
}

/** Hears of each message; the bytes are only good until it returns. */
export type FrameListener = (opcode: number, payload: Buffer) => void;

/** Puts the frames of a server together again, however the network has cut them. */
export class FrameReader {
  private rest?: Buffer;
  private parts: Buffer[] = [];
  private opcodeOfParts = 0;

  constructor(private readonly onMessage: FrameListener) {}

  /** @throws Error for what no server sends: masked frames, reserved bits, absurd lengths */
  push(chunk: Buffer): void {
    let data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = undefined;
    for (;;) {
      const frame = frameIn(data);
      if (!frame) break;
      this.take(data[0]!, data.subarray(frame.start, frame.end));
      if (frame.end === data.length) return;
      data = data.subarray(frame.end);
    }
    // The chunk's memory belongs to whoever reads the socket.
    if (data.length > 0) this.rest = Buffer.from(data);
  }

  private take(head: number, payload: Buffer): void {
    const [isLast, opcode] = [(head & 0x80) !== 0, head & 0x0f];
    if (isLast && opcode !== OPCODE.continuation) return this.onMessage(opcode, payload);
    if (opcode !== OPCODE.continuation) this.opcodeOfParts = opcode;
    this.parts.push(Buffer.from(payload));
    if (!isLast) return;
    const whole = Buffer.concat(this.parts);
    this.parts = [];
    this.onMessage(this.opcodeOfParts, whole);
  }
}

/** Where the payload of the first frame lies, or undefined when it is not all there yet. */
function frameIn(data: Buffer): { start: number; end: number } | undefined {
  if (data.length < 2) return undefined;
  const [head, second] = [data[0]!, data[1]!];
  if ((head & 0x70) !== 0) throw new Error('a frame has reserved bits set');
  if ((second & 0x80) !== 0) throw new Error('a server does not mask its frames');
  let length = second & 0x7f;
  let start = 2;
  if (length === 126) {
    if (data.length < 4) return undefined;
    length = data.readUInt16BE(2);
    start = 4;
  } else if (length === 127) {
    if (data.length < 10) return undefined;
    length = Number(data.readBigUInt64BE(2));
    start = 10;
  }
  if (length > LONGEST_PAYLOAD) throw new Error(`a frame of ${length} bytes`);
  return data.length < start + length ? undefined : { start, end: start + length };
}
