import type { INestApplication } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Server, ServerOptions } from 'socket.io';
import { Config, CONFIG, LiveConfig } from '../../config/config';
import { corsOptions, OriginPolicy } from '../../identity/origin-policy';
import { FanOut } from '../fan-out/fan-out';
import { InFlight } from '../drain/drain';
import type { LiveServer } from '../session';
import { Connection, connectionsOf, PromptWebSocketServer } from './connection';
import { ConnectionCuts, ConnectionWatch } from './connection-watch';
import { HandshakeGate } from './handshake-gate';
import type { EdgeHttpAdapter } from './http-adapter';
import { type EdgeRequest, SOCKET_PATH } from './edge-request';
import { StudentRateLimiter } from './rate-limiters';
import { Refusals } from './refusals';
import { SocketAdapter } from './socket-adapter';

/** socket.io for this app: who may open a socket, with which limits, and how pods reach each other's sockets. */
export function createSocketAdapter(app: INestApplication, http: EdgeHttpAdapter): SocketAdapter {
  const { live } = app.get<Config>(CONFIG);
  const gate = app.get(HandshakeGate);
  const rates = app.get(StudentRateLimiter);
  const options: Partial<ServerOptions> = {
    path: SOCKET_PATH,
    serveClient: false,
    transports: ['websocket', 'polling'],
    pingInterval: live.pingIntervalMs,
    pingTimeout: live.pingTimeoutMs,
    connectTimeout: live.connectTimeoutMs,
    upgradeTimeout: live.connectTimeoutMs,
    maxHttpBufferSize: live.maxPayloadBytes,
    perMessageDeflate: false,
    destroyUpgrade: false,
    wsEngine: PromptWebSocketServer,
    allowRequest: (request, decide) => gate.allowRequest(request, decide),
    cors: corsOptions(app.get(OriginPolicy)),
  };
  return new SocketAdapter(app, options, {
    prepare: (server) => prepare(app, gate, server, live),
    inFlight: app.get(InFlight),
    hear: (reply) => app.get(Refusals).hear(reply),
    takesAct: ({ data }, now) => rates.takesAct(data.studentId, now),
    destroyConnections: () => http.destroyConnections(),
  });
}

function prepare(app: INestApplication, gate: HandshakeGate, server: Server, live: LiveConfig): void {
  const typed = server as LiveServer;
  const connections = (): Readonly<Record<string, Connection>> => connectionsOf(typed.engine);
  const watch = new ConnectionWatch({ ...live, signInMs: live.connectTimeoutMs }, app.get(ConnectionCuts));
  app.get(FanOut).bind(typed);
  typed.engine.use((request: Parameters<HandshakeGate['receive']>[0], response: ServerResponse, next: () => void) =>
    gate.receive(request, response, next, connections()),
  );
  typed.engine.on('connection', (connection: Connection & { request: EdgeRequest }) => {
    watch.watch(connection);
    watch.expectSocket(connection, () => gate.hasSocket(connection), connection.request.beganAt);
  });
  typed.use((socket, next) => gate.authenticate(socket, next));
  // engine.io keeps the upgrade request alive for the whole connection. Its cookie may be the sign-in, which is read when
  // the socket.io handshake arrives, a round trip later: only then may it go.
  typed.on('connection', (socket) => {
    const connection = socket.conn as unknown as Connection & { request: unknown };
    connection.request = null;
    socket.on('disconnect', () => {
      gate.forgetSocket(connection);
      watch.expectSocket(connection, () => gate.hasSocket(connection));
    });
  });
}
