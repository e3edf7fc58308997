import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Where sockets are opened. */
export const SOCKET_PATH = '/socket.io/';

/** When each connection was opened, ms, until its first request has been read. */
const opened = new WeakMap<Socket, number>();

/** To be called for every new connection. */
export function markOpened(socket: Socket): void {
  opened.set(socket, Date.now());
}

/**
 * A request as the edge sees it. It is an upgrade only where it offers a WebSocket on our path: whatever else a client
 * offers may be ignored (RFC 9110 §7.8), and some offer HTTP/2 with every request. Node decides by whether anybody
 * listens for upgrades at all, and asks the request by this property; a callback for it is there from Node 22.21 on.
 */
export class EdgeRequest extends IncomingMessage {
  /** When its client began to send it, ms; a later one of its connection counts from its headers. */
  readonly beganAt: number;
  declare private offered: boolean | null;

  constructor(socket: Socket) {
    super(socket);
    this.beganAt = opened.get(socket) ?? Date.now();
    opened.delete(socket);
  }

  get upgrade(): boolean | null {
    return this.offered && (this.method === 'CONNECT' || this.offersWebSocket());
  }

  set upgrade(offered: boolean | null) {
    this.offered = offered;
  }

  private offersWebSocket(): boolean {
    const protocols = this.headers.upgrade?.split(',') ?? [];
    const offersIt = protocols.some((protocol) => protocol.trim().toLowerCase() === 'websocket');
    return offersIt && this.url?.startsWith(SOCKET_PATH) === true;
  }
}
