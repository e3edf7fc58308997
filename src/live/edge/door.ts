import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, toErrorBody } from '../../common/domain-error';
import { Config, CONFIG } from '../../config/config';
import { OriginPolicy } from '../../identity/origin-policy';
import { SignInService } from '../../identity/sign-in.service';
import { studentFromHandshake } from '../../identity/student.guard';
import { Connection } from './connection';
import { Drain } from '../drain/drain';
import { HandshakePace } from './handshake-pace';
import { LiveSessions } from '../live-sessions';
import type { LiveSocket } from '../session';

/** Decides at the handshake who comes in. */
@Injectable()
export class Door {
  private readonly pace: HandshakePace;
  /** Connections with a socket; there is one namespace, so each has one at most. */
  private readonly connections = new WeakSet();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly origins: OriginPolicy,
    private readonly signIn: SignInService,
    private readonly sessions: LiveSessions,
    private readonly drain: Drain,
  ) {
    const { handshakesPerSecond, reconnectDelayMaxMs } = config.live;
    this.pace = new HandshakePace(handshakesPerSecond, Date.now(), reconnectDelayMaxMs);
  }

  /** When a client that was refused should try again, ms from now; 0 = at once. */
  retryInMs(): number {
    return this.pace.retryInMs(Date.now(), Math.random());
  }

  /** Whether this connection has a socket, or is about to get it. */
  hasSocket(connection: object): boolean {
    return this.connections.has(connection);
  }

  /** The connection's socket has left it; another may come. */
  forgetSocket(connection: object): void {
    this.connections.delete(connection);
  }

  /**
   * Before anything else: a pod that drains answers 503 to everything but the sessions it still has, or ends the
   * connection of an upgrade, so that the load balancer passes it on to another pod.
   */
  passOver(
    request: IncomingMessage,
    response: ServerResponse,
    next: () => void,
    connections: Readonly<Record<string, Connection>>,
  ): void {
    const sessionId = sessionIdOf(request);
    if (!this.drain.active || (sessionId && Object.hasOwn(connections, sessionId))) return next();
    response.writeHead(503, { 'Retry-After': '1', Connection: 'close' });
    response.end();
  }

  /**
   * At the level of the engine, for new sessions only: what is refused here is tried again by stock clients, later or on
   * another pod.
   */
  allowRequest(request: IncomingMessage, decide: (error: string | null, allowed: boolean) => void): void {
    if (!this.origins.allowsHeaders(request.headers)) return decide('origin_refused', false);
    if (!this.pace.take(Date.now())) return decide('busy', false);
    decide(null, true);
  }

  /** At the level of socket.io: what is refused here stops a stock client, and says why. */
  authenticate(socket: LiveSocket, next: (error?: Error) => void): void {
    try {
      if (this.connections.has(socket.conn)) {
        throw new DomainError('invalid_input', 'This connection has its socket already.');
      }
      const { headers, auth } = socket.handshake;
      const student = studentFromHandshake(this.signIn, headers, auth);
      const most = this.config.live.maxSocketsPerStudent;
      if (this.sessions.countOf(student.id) >= most) {
        throw new DomainError('too_many_sockets', `At most ${most} windows and devices at once.`);
      }
      socket.data.studentId = student.id;
      socket.data.signedInUntil = student.expiresAt;
      this.connections.add(socket.conn);
      next();
    } catch (error) {
      const body = toErrorBody(error);
      next(Object.assign(new Error(body.code), { data: body }));
    }
  }
}

/** As engine.io reads it: the last one counts, and an empty one is none. */
function sessionIdOf(request: IncomingMessage & { _query?: Record<string, string> }): string | undefined {
  return request._query?.sid || undefined;
}
