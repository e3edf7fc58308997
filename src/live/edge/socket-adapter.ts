import type { INestApplicationContext } from '@nestjs/common';
import type { WsMessageHandler } from '@nestjs/common/interfaces';
import { AbstractWsAdapter } from '@nestjs/websockets';
import type { Server as HttpServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Server, ServerOptions, Socket } from 'socket.io';
import { endsWithin } from '../../common/deadline';
import { DomainError, toErrorBody } from '../../common/domain-error';
import { inRequest } from '../../common/request-context';
import type { InFlight } from '../drain/drain';
import type { LiveSocket } from '../session';
import { MessageRateLimiter } from './rate-limiters';
import { followMessage } from './request-log';

type Acknowledge = (reply: unknown) => void;

/** How long the end of the server may wait for others: stalled peers, a Redis that is away, ms. */
const CLOSE_PATIENCE_MS = 1_000;

export interface SocketAdapterParts {
  /** Sees every new server before the first socket. */
  prepare: (server: Server) => void;
  inFlight: InFlight;
  /** Hears every answer to a message. */
  hear: (reply: unknown) => void;
  /** Whether one more message of this socket's student is taken, `now` in ms. */
  takesAct: (socket: LiveSocket, now: number) => boolean;
  /** Ends every connection of the HTTP server at once. */
  destroyConnections: () => void;
}

/**
 * Binds Nest's gateways to socket.io with a single listener per socket. Nest's stock adapter makes one RxJS stream per
 * handler and socket, which costs three times the memory and half as much CPU again at each handshake.
 */
export class SocketAdapter extends AbstractWsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly options: Partial<ServerOptions>,
    private readonly parts: SocketAdapterParts,
  ) {
    super(app);
  }

  override create(): Server {
    const server = new Server(this.httpServer as HttpServer, this.options);
    this.parts.prepare(server);
    return server;
  }

  override bindMessageHandlers(client: Socket, handlers: WsMessageHandler[]): void {
    const messages = new MessageRateLimiter(Date.now());
    client.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const acknowledge: Acknowledge = (reply) => {
        this.parts.hear(reply);
        if (typeof last === 'function') (last as Acknowledge)(reply);
      };
      const now = Date.now();
      const verdict = messages.next(now);
      if (verdict !== 'take' || !this.parts.takesAct(client as LiveSocket, now)) {
        refuse(acknowledge, new DomainError('too_many_requests', 'Too many messages. Please slow down.'));
        if (verdict === 'cut') client.disconnect(true);
        return;
      }
      // A map of them would be one for each socket.
      const handler = handlers.find(({ message }) => message === event);
      if (!handler) {
        return refuse(acknowledge, new DomainError('invalid_input', 'There is no such event.'));
      }
      const payload = typeof args[0] === 'function' ? undefined : args[0];
      const done = this.parts.inFlight.begin(client);
      const { context, heard } = followMessage(client as LiveSocket, event);
      const tell: Acknowledge = (reply) => {
        heard(reply);
        acknowledge(reply);
      };
      const answered = inRequest(context, () => answer(handler, payload, tell));
      void answered.finally(() => {
        context.answered = true;
        done();
      });
    });
  }

  override async close(server: Server): Promise<void> {
    const closed = server.close();
    // One turn, in which the sockets that are still there are told; then nothing is waited for.
    await pause(0);
    this.parts.destroyConnections();
    await endsWithin(closed, CLOSE_PATIENCE_MS);
  }
}

function refuse(acknowledge: Acknowledge, error: DomainError): void {
  acknowledge({ ok: false, error: error.toBody() });
}

/** Runs a handler and acknowledges with what it returns. What it throws was acknowledged by the error filter. */
async function answer(handler: WsMessageHandler, payload: unknown, acknowledge: Acknowledge): Promise<void> {
  try {
    const result: unknown = await handler.callback(payload, acknowledge);
    if (result !== undefined) acknowledge(result);
  } catch (error) {
    acknowledge({ ok: false, error: toErrorBody(error) });
  }
}
