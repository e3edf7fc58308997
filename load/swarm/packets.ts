/**
 * Packets of Engine.IO 4 with Socket.IO 5 inside, as text: https://socket.io/docs/v4/engine-io-protocol and
 * https://socket.io/docs/v4/socket-io-protocol. Namespace `/` only, no binary parts. Pure.
 */

/** What a text that came may be. */
export type Packet =
  | { kind: 'open'; pingIntervalMs: number; pingTimeoutMs: number }
  | { kind: 'ping' }
  | { kind: 'connected' }
  /** The namespace refused the socket; `code` as the service says it, '' without one. */
  | { kind: 'refused'; code: string }
  | { kind: 'disconnected' }
  | { kind: 'event'; name: string; args: unknown[]; acknowledge?: number }
  | { kind: 'answer'; id: number; args: unknown[] }
  /** Nothing that matters here. */
  | { kind: 'other' };

const OTHER: Packet = { kind: 'other' };
const PING: Packet = { kind: 'ping' };

/** @throws Error for what the protocol does not allow */
export function readPacket(text: string): Packet {
  if (text === '2') return PING;
  if (text.startsWith('4')) return readMessage(text);
  if (!text.startsWith('0')) return OTHER;
  const { pingInterval, pingTimeout } = JSON.parse(text.slice(1)) as { pingInterval: number; pingTimeout: number };
  return { kind: 'open', pingIntervalMs: pingInterval, pingTimeoutMs: pingTimeout };
}

function readMessage(text: string): Packet {
  switch (text[1]) {
    case '0':
      return { kind: 'connected' };
    case '1':
      return { kind: 'disconnected' };
    case '2': {
      const { id, args } = readArguments(text);
      const [name, ...rest] = args;
      if (typeof name !== 'string') throw new Error('an event without a name');
      return { kind: 'event', name, args: rest, acknowledge: id };
    }
    case '3': {
      const { id, args } = readArguments(text);
      if (id === undefined) throw new Error('an answer without a number');
      return { kind: 'answer', id, args };
    }
    case '4': {
      const { data } = JSON.parse(text.slice(2)) as { data?: { code?: string } };
      return { kind: 'refused', code: data?.code ?? '' };
    }
    default:
      return OTHER;
  }
}

function readArguments(text: string): { id?: number; args: unknown[] } {
  const start = text.indexOf('[', 2);
  if (start < 0) throw new Error('a message without arguments');
  return {
    id: start === 2 ? undefined : Number(text.slice(2, start)),
    args: JSON.parse(text.slice(start)) as unknown[],
  };
}

export const PONG = '3';
export const connectPacket = (auth: object): string => `40${JSON.stringify(auth)}`;
export const askPacket = (id: number, event: string, request: object): string =>
  `42${id}${JSON.stringify([event, request])}`;
export const acknowledgePacket = (id: number): string => `43${id}[]`;
