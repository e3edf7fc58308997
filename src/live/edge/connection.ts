import type { Transport } from 'engine.io';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocket as WebSocketClient, WebSocketServer } from 'ws';

interface Packet {
  readonly type: string;
  readonly data?: string | Buffer;
}

interface WebSocket {
  readonly readyState: number;
  /** What engine.io itself writes frames with that were encoded before; they go out as they are. */
  readonly _sender: { sendFrame(frame: readonly Buffer[]): void };
  readonly _socket: Duplex;
  /** Bytes that wait because the peer does not read. */
  readonly bufferedAmount: number;
  on(event: 'ping' | 'pong', listener: () => void): void;
  /** Ends the connection at once, without waiting for the peer's consent. */
  terminate(): void;
}

/**
 * One connection of engine.io, through which sockets of socket.io speak: what engine.io keeps of it and does not declare. The
 * fields are its documented back-pressure.
 */
export interface Connection {
  readonly readyState: 'opening' | 'open' | 'closing' | 'closed';
  readonly writeBuffer: readonly Packet[];
  readonly transport: Transport & { readonly socket?: WebSocket };
  /** Sends a message, after all that waits. Over a WebSocket the frame goes out in place of the data. */
  write(data: string, options: { wsPreEncodedFrame: readonly Buffer[] }): void;
  /** Ends it so that stock clients come back; with `discard` at once, without sending what waits. */
  close(discard?: boolean): void;
  on(event: 'packet' | 'packetCreate', listener: (packet: Packet) => void): void;
  on(event: 'close', listener: () => void): void;
  on(event: 'upgrade', listener: (transport: Connection['transport']) => void): void;
}

/** Whether it is a WebSocket on which nothing waits, so that what is written now comes after all that was sent before. */
export function isIdleWebSocket({ readyState, transport, writeBuffer }: Connection): boolean {
  const { socket } = transport;
  if (readyState !== 'open' || transport.name !== 'websocket' || !transport.writable || !socket) return false;
  return writeBuffer.length === 0 && socket.readyState === WebSocketClient.OPEN && socket.bufferedAmount === 0;
}

/**
 * What is sent meanwhile goes out in one write: the kernel takes longer over each than we do over what is in it. Where that
 * cannot be, it is sent as ever.
 */
export function inOneWrite(connection: Connection, send: () => void): void {
  const { transport } = connection;
  const socket = isIdleWebSocket(connection) ? transport.socket?._socket : undefined;
  if (!socket) return send();
  socket.cork();
  // Else the first packet would go alone, and the others wait for its end.
  transport.writable = false;
  try {
    send();
  } finally {
    transport.writable = true;
    transport.emit('ready');
    socket.uncork();
  }
}

/**
 * What engine.io's own heartbeat of a connection is made of: the timer of its next question, and the only way to send one.
 * It is private to engine.io; a test tells when a new version changes what is relied on here.
 */
interface OwnHeartbeat {
  pingIntervalTimer: NodeJS.Timeout | null;
  sendPacket(type: 'ping', data: undefined, options: object): void;
}

/** A WebSocket's frame with a ping of Engine.IO, alike for all; on long-polling the packet is sent as any other. */
const PING = { wsPreEncodedFrame: [Buffer.from([0x81, 1, '2'.charCodeAt(0)])], compress: false };

/** Ends engine.io's own heartbeat of a new connection: nobody asks it by itself from now on, or waits for its answers. */
export function endOwnHeartbeat(connection: Connection): void {
  const own = connection as unknown as OwnHeartbeat;
  clearTimeout(own.pingIntervalTimer ?? undefined);
  own.pingIntervalTimer = null;
}

/** Asks a connection whether it is still there: the ping of Engine.IO. */
export function ping(connection: Connection): void {
  (connection as unknown as OwnHeartbeat).sendPacket('ping', undefined, PING);
}

/** All connections of an engine, by session id. */
export function connectionsOf(engine: object): Readonly<Record<string, Connection>> {
  return (engine as { clients: Record<string, Connection> }).clients;
}

/** How long a peer has to answer the close of its WebSocket, ms; then its connection ends without. */
export const CLOSE_TIMEOUT_MS = 1_000;

/**
 * `ws` waits 30 s for a peer to agree to a close, and reads all that it sends until then. A peer that does not answer
 * would also notice that it was closed only when it misses our pings.
 */
export class PromptWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    // Younger than the types.
    super(Object.assign({ closeTimeout: CLOSE_TIMEOUT_MS }, options));
  }

  /** The answer and what is said first go out in one write. */
  override handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    take: (client: WebSocketClient, request: IncomingMessage) => void,
  ): void {
    socket.cork();
    setImmediate(() => socket.uncork());
    super.handleUpgrade(request, socket, head, take);
  }
}
