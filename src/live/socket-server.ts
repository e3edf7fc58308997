import type { INestApplication } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { Config, CONFIG } from '../config/config';
import { corsOptions } from '../identity/cors';
import { OriginPolicy } from '../identity/origin-policy';
import { Door } from './door';
import { FanOut } from './fan-out';
import type { LiveServer } from './session';
import { SocketAdapter } from './socket-adapter';

/** socket.io for this app: who may open a socket, with which limits, and how pods reach each other's sockets. */
export function createSocketAdapter(app: INestApplication): SocketAdapter {
  const { live } = app.get<Config>(CONFIG);
  const door = app.get(Door);
  const options: Partial<ServerOptions> = {
    serveClient: false,
    transports: ['websocket', 'polling'],
    pingInterval: live.pingIntervalMs,
    pingTimeout: live.pingTimeoutMs,
    connectTimeout: live.connectTimeoutMs,
    maxHttpBufferSize: live.maxPayloadBytes,
    perMessageDeflate: false,
    allowRequest: (request, decide) => door.allowRequest(request, decide),
    cors: corsOptions(app.get(OriginPolicy)),
  };
  return new SocketAdapter(app, options, (server) => {
    const typed = server as LiveServer;
    app.get(FanOut).bind(typed);
    typed.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) =>
      door.passOver(request, response, next),
    );
    typed.use((socket, next) => door.authenticate(socket, next));
    // engine.io keeps the upgrade request alive for the whole connection. Its cookie may be the sign-in, which is read when
    // the socket.io handshake arrives, a round trip later: only then may it go.
    typed.on('connection', (socket) => {
      (socket.conn as unknown as { request: unknown }).request = null;
    });
  });
}
