import { ExpressAdapter } from '@nestjs/platform-express';
import type { Socket } from 'node:net';
import type { HttpConfig, LiveConfig } from '../../config/config';
import { EdgeRequest, markOpened } from './edge-request';
import { EdgeServer } from './edge-server';

/** How often requests that do not come to an end are looked for, ms; Node's own 30 s would triple every limit. */
const CHECK_INTERVAL_MS = 1_000;
/** A whole request with its body may take this many times as long as its headers. */
const BODY_FACTOR = 3;
/** Beyond the longest silence of a long poll: how long a peer may leave an answer unread, ms. */
const UNREAD_ANSWER_MS = 30_000;

/** Nest's Express with a server that lets no connection wait for long, and that ends them all when told to. */
export class EdgeHttpAdapter extends ExpressAdapter {
  private readonly connections = new Set<Socket>();

  constructor(
    private readonly limits: Pick<LiveConfig, 'connectTimeoutMs' | 'pingIntervalMs' | 'pingTimeoutMs'> &
      Pick<HttpConfig, 'keepAliveSeconds'>,
  ) {
    super();
  }

  override initHttpServer(): void {
    const { connectTimeoutMs, pingIntervalMs, pingTimeoutMs, keepAliveSeconds } = this.limits;
    const server = new EdgeServer(
      {
        IncomingMessage: EdgeRequest,
        connectionsCheckingInterval: CHECK_INTERVAL_MS,
        headersTimeout: connectTimeoutMs,
        requestTimeout: connectTimeoutMs * BODY_FACTOR,
        // Counted between requests, when the time for headers does not run.
        keepAliveTimeout: keepAliveSeconds * 1_000,
      },
      this.getInstance(),
    );
    server.setTimeout(pingIntervalMs + pingTimeoutMs + UNREAD_ANSWER_MS);
    server.on('connection', (socket: Socket) => {
      markOpened(socket);
      this.connections.add(socket);
      socket.on('close', () => this.connections.delete(socket));
    });
    this.httpServer = server;
  }

  /** Ends every connection, those of stalled peers too. */
  destroyConnections(): void {
    for (const socket of this.connections) socket.destroy();
  }

  override close(): Promise<unknown> | undefined {
    this.destroyConnections();
    return super.close();
  }
}
