import type { INestApplication } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { DomainError, toErrorBody } from '../common/domain-error';
import { Config, CONFIG } from '../config/config';
import { OriginPolicy } from '../identity/origin-policy';
import { SignInService } from '../identity/sign-in.service';
import { studentFromHandshake } from '../identity/student.guard';
import { Drain } from './drain';
import { FanOut } from './fan-out';
import { LiveSessions } from './live-sessions';
import type { LiveServer, LiveSocket } from './session';
import { SocketAdapter } from './socket-adapter';

/** socket.io for this app: who may open a socket, with which limits, and how pods reach each other's sockets. */
export function createSocketAdapter(app: INestApplication): SocketAdapter {
  const config = app.get<Config>(CONFIG);
  const door = new Door(config, app.get(OriginPolicy), app.get(SignInService), app.get(LiveSessions), app.get(Drain));
  const { live } = config;
  const options: Partial<ServerOptions> = {
    serveClient: false,
    transports: ['websocket', 'polling'],
    pingInterval: live.pingIntervalMs,
    pingTimeout: live.pingTimeoutMs,
    connectTimeout: live.connectTimeoutMs,
    maxHttpBufferSize: live.maxPayloadBytes,
    perMessageDeflate: false,
    allowRequest: (request, decide) => door.allowRequest(request, decide),
    cors: { origin: [...config.http.allowedOrigins], credentials: true },
  };
  return new SocketAdapter(app, options, (server) => {
    const typed = server as LiveServer;
    app.get(FanOut).bind(typed);
    // The upgrade request is kept alive by engine.io for the whole connection; nothing here needs it after the handshake.
    typed.engine.on('connection', (socket: { request: unknown }) => {
      setImmediate(() => (socket.request = null));
    });
    typed.use((socket, next) => door.authenticate(socket, next));
  });
}

/** Decides at the handshake who comes in. */
class Door {
  constructor(
    private readonly config: Config,
    private readonly origins: OriginPolicy,
    private readonly signIn: SignInService,
    private readonly sessions: LiveSessions,
    private readonly drain: Drain,
  ) {}

  /** At the level of the engine: what is refused here is tried again by stock clients, later or on another pod. */
  allowRequest(request: IncomingMessage, decide: (error: string | null, allowed: boolean) => void): void {
    if (!this.origins.allowsHeaders(request.headers)) return decide('origin_refused', false);
    const isNew = !new URLSearchParams(request.url?.split('?')[1]).has('sid');
    if (isNew && this.drain.active) return decide('draining', false);
    decide(null, true);
  }

  /** At the level of socket.io: what is refused here stops a stock client, and says why. */
  authenticate(socket: LiveSocket, next: (error?: Error) => void): void {
    try {
      const { headers, auth } = socket.handshake;
      const student = studentFromHandshake(this.signIn, headers, auth);
      const most = this.config.live.maxSocketsPerStudent;
      if (this.sessions.countOf(student.id) >= most) {
        throw new DomainError('too_many_sockets', `At most ${most} windows and devices at once.`);
      }
      socket.data.studentId = student.id;
      socket.data.signedInUntil = student.expiresAt;
      next();
    } catch (error) {
      const body = toErrorBody(error);
      next(Object.assign(new Error(body.code), { data: body }));
    }
  }
}
