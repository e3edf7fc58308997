import type { ServerToClientEvents } from '../../contract/events';
import { type Connection, isIdleWebSocket } from '../edge/connection';
import type { LiveSocket } from '../session';

type Told = keyof ServerToClientEvents;
export type MessageOf<Event extends Told> = Parameters<ServerToClientEvents[Event]>[0];

/** engine.io's `message`, and socket.io's `event` in the one namespace that there is. */
const MESSAGE = '4';
const EVENT = '2';
/** The only frame of a text (RFC 6455, section 5.2); below these lengths it says its own in 7, or 16 bits, else in 64. */
const TEXT_FRAME = 0x81;
const SHORT_BELOW = 126;
const MEDIUM_BELOW = 65_536;
const MEDIUM = 126;
const LONG = 127;

/** A message that is encoded once, for however many sockets. */
export class EncodedMessage {
  private frame?: readonly [Buffer];

  /** @param text as socket.io says it: `2["noun:verb",{…}]` */
  constructor(private readonly text: string) {}

  static of<Event extends Told>(event: Event, message: MessageOf<Event>): EncodedMessage {
    return new EncodedMessage(EVENT + JSON.stringify([event, message]));
  }

  /**
   * Tells one socket, in order with all else that it is told. An idle WebSocket takes the frame as it is, for what the
   * kernel wants; whatever else there is (polling, an upgrade under way, a socket that does not drain) goes through
   * engine.io, which does with it what it does with the broadcasts of socket.io.
   */
  writeTo(socket: LiveSocket): void {
    const connection = socket.conn as unknown as Connection;
    this.frame ??= [frameOf(MESSAGE + this.text)];
    if (isIdleWebSocket(connection)) connection.transport.socket?._sender.sendFrame(this.frame);
    else if (connection.readyState === 'open') connection.write(this.text, { wsPreEncodedFrame: this.frame });
  }
}

/** The WebSocket frame of a text, unmasked as a server's are. */
function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < SHORT_BELOW ? 2 : length < MEDIUM_BELOW ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = TEXT_FRAME;
  if (length < SHORT_BELOW) frame[1] = length;
  else if (length < MEDIUM_BELOW) {
    frame[1] = MEDIUM;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LONG;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, start);
  return frame;
}
