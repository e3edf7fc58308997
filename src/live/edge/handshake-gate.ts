import { Inject, Injectable, Controller } from '@nestjs/common';
import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { DomainError, toErrorBody } from '../../common/domain-error';
import { Config, CONFIG } from '../../config/config';
import { OriginPolicy } from '../../identity/origin-policy';
import { signInIdOf, SignInService } from '../../identity/sign-in.service';
import { signInOfHandshake } from '../../identity/student.guard';
import { Drain } from '../drain/drain';
import { LiveSessions } from '../live-sessions';
import type { LiveSocket } from '../session';
import { Serves } from '../../common/serves';
import { roomCalls } from '../../contract/rooms';
import { Connection } from './connection';
import { Refusals } from './refusals';
import { HandshakeRateLimiter } from './rate-limiters';

/** A request of engine.io, with its query as that has read it. */
type EngineRequest = IncomingMessage & { _query: Record<string, string | undefined> };

/**
 * Decides who gets a socket: at each HTTP request of engine.io whether it may speak here (`receive`), at a new connection
 * whether it is within the rate (`allowRequest`), and at the handshake of socket.io who it is (`authenticate`).
 */
@Injectable()
export class HandshakeGate {
  private readonly rate: HandshakeRateLimiter;
  /** Connections with a socket; there is one namespace, so each has one at most. */
  private readonly connections = new WeakSet();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly origins: OriginPolicy,
    private readonly signIn: SignInService,
    private readonly sessions: LiveSessions,
    private readonly drain: Drain,
    private readonly refusals: Refusals,
  ) {
    const { handshakesPerSecond, reconnectDelayMaxMs } = config.live;
    this.rate = new HandshakeRateLimiter(handshakesPerSecond, Date.now(), reconnectDelayMaxMs);
  }

  /** When a client that was refused should try again, ms from now; 0 = at once. */
  retryInMs(): number {
    return this.rate.retryInMs(Date.now(), Math.random());
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
   * Before anything else, for every request of every session. What no client of ours asks for is refused readably, and
   * before a WebSocket is one. A pod that drains answers 503 to everything but the sessions it still has, or ends the
   * connection of an upgrade, so that the load balancer passes it on to another pod.
   */
  receive(
    request: EngineRequest,
    response: ServerResponse,
    next: () => void,
    connections: Readonly<Record<string, Connection>>,
  ): void {
    // An answer of ours is nothing that another page could run as its own script.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    const { sid, j, EIO } = request._query;
    // The session's cookies are judged at its first request only, but each of the others speaks in its name.
    if (!this.origins.allowsHeaders(request.headers)) return this.refuse(request, response, 'origin_refused');
    if (j !== undefined) return this.refuse(request, response, 'script');
    if (EIO !== '4') return this.refuse(request, response, 'protocol');
    // As engine.io reads it: the last one counts, and an empty one is none.
    if (!this.drain.active || (sid && Object.hasOwn(connections, sid))) return next();
    response.writeHead(503, { 'Retry-After': '1', Connection: 'close' });
    response.end();
  }

  /**
   * At the level of the engine, for new sessions only: what is refused here is tried again by stock clients, later or on
   * another pod.
   */
  allowRequest(_request: IncomingMessage, decide: (error: string | null, allowed: boolean) => void): void {
    if (!this.rate.take(Date.now())) {
      this.refusals.handshakes.count('busy');
      return decide('busy', false);
    }
    decide(null, true);
  }

  private refuse(request: EngineRequest, response: ServerResponse, why: keyof typeof REFUSALS): void {
    this.refusals.handshakes.count(why);
    refuse(request, response, REFUSALS[why]);
  }

  /**
   * At the level of socket.io: what is refused here stops a stock client, and says why. `next` is given an error whose
   * `data` has the code: `not_signed_in`, `sign_in_expired`, `sign_in_ambiguous`, `too_many_sockets`, or `invalid_input`
   * when the connection has its socket already.
   */
  authenticate(socket: LiveSocket, next: (error?: Error) => void): void {
    try {
      if (this.connections.has(socket.conn)) {
        throw new DomainError('invalid_input', 'This connection has its socket already.');
      }
      const { headers, auth } = socket.handshake;
      const given = signInOfHandshake(headers, auth);
      const student = this.signIn.verify(given);
      const most = this.config.live.maxSocketsPerStudent;
      if (this.sessions.countOf(student.id) >= most) {
        throw new DomainError('too_many_sockets', `At most ${most} windows and devices at once.`);
      }
      socket.data.studentId = student.id;
      socket.data.classYear = student.classYear;
      socket.data.signIn = { studentId: student.id, id: signInIdOf(given?.token ?? ''), issuedAt: student.issuedAt };
      this.connections.add(socket.conn);
      next();
    } catch (error) {
      const body = toErrorBody(error);
      this.refusals.handshakes.count(body.code);
      next(Object.assign(new Error(body.code), { data: body }));
    }
  }
}

interface Refusal {
  status: number;
  /** Of engine.io. */
  code: number;
  message: string;
}

const REFUSALS = {
  origin_refused: { status: 403, code: 4, message: 'origin_refused' },
  script: { status: 400, code: 3, message: 'Polling by script (JSONP) is not offered.' },
  protocol: {
    status: 400,
    code: 5,
    message: 'Unsupported protocol version: this service speaks Engine.IO 4 (EIO=4), as Socket.IO 3 and later do.',
  },
} satisfies Record<string, Refusal>;

/** In the form of engine.io's own refusals. Its response of an upgrade writes nothing, so that is done by hand. */
function refuse(request: EngineRequest, response: ServerResponse, { status, code, message }: Refusal): void {
  const body = JSON.stringify({ code, message });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length, Connection: 'close' };
  if (response instanceof ServerResponse) return void response.writeHead(status, headers).end(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const { socket } = request;
  // Half of it would be left open for as long as the peer likes.
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'), () => socket.destroy());
}

/** For a client whose socket was refused: the cheapest answer there is. */
@Controller()
export class HandshakeGateController {
  constructor(private readonly gate: HandshakeGate) {}

  @Serves(roomCalls.door)
  read(): { retryInMs: number } {
    return { retryInMs: this.gate.retryInMs() };
  }
}
