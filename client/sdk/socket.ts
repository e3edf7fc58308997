import type { Socket } from 'socket.io-client';
import type { Reply } from '../../src/contract/errors';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/contract/events';

export type SunbeonSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

export type Transport = 'websocket' | 'polling';

export type Ask = keyof ClientToServerEvents;
export type Question<E extends Ask> = Parameters<ClientToServerEvents[E]>[0];
export type Answer<E extends Ask> = Extract<Parameters<Parameters<ClientToServerEvents[E]>[1]>[0], { ok: true }>;

/**
 * Sees what goes over a client's socket, as it happens. The state says what a student is shown; this is for tools that judge
 * the service by what it said.
 */
export interface ClientWitness {
  /** There is a new socket; it has not begun to connect. */
  onSocket?(socket: SunbeonSocket): void;
  /** A question was sent; sent again it is told again. */
  onAsked?(event: Ask, question: Question<Ask>): void;
  onAnswered?(event: Ask, reply: Reply): void;
}
