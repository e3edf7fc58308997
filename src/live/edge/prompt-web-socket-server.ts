import { type ServerOptions, WebSocketServer } from 'ws';

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
}
