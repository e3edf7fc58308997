import type { Transport } from 'engine.io';

/** What engine.io keeps of a connection and does not declare; the fields are its documented back-pressure. */
interface Packet {
  readonly type: string;
  readonly data?: string | Buffer;
}

interface WebSocket {
  /** Bytes that wait because the peer does not read. */
  readonly bufferedAmount: number;
  on(event: 'ping' | 'pong', listener: () => void): void;
  /** Ends the connection at once, without waiting for the peer's consent. */
  terminate(): void;
}

/** One connection of engine.io: what sockets of socket.io speak through. */
export interface Connection {
  readonly readyState: 'opening' | 'open' | 'closing' | 'closed';
  readonly writeBuffer: readonly Packet[];
  readonly transport: Transport & { readonly socket?: WebSocket };
  /** Ends it so that stock clients come back; with `discard` at once, without sending what waits. */
  close(discard?: boolean): void;
  on(event: 'packet' | 'packetCreate', listener: (packet: Packet) => void): void;
  on(event: 'close', listener: () => void): void;
  on(event: 'upgrade', listener: (transport: Connection['transport']) => void): void;
}

/** All connections of an engine, by session id. */
export function connectionsOf(engine: object): Readonly<Record<string, Connection>> {
  return (engine as { clients: Record<string, Connection> }).clients;
}
