import type { INestApplicationContext } from '@nestjs/common';
import type { WsMessageHandler } from '@nestjs/common/interfaces';
import { AbstractWsAdapter } from '@nestjs/websockets';
import type { Server as HttpServer } from 'node:http';
import { Server, ServerOptions, Socket } from 'socket.io';
import { DomainError, toErrorBody } from '../common/domain-error';
import { MessagePace } from './message-pace';

type Acknowledge = (reply: unknown) => void;

/**
 * Binds Nest's gateways to socket.io with a single listener per socket. Nest's stock adapter makes one RxJS stream per
 * handler and socket, which costs three times the memory and half as much CPU again at each handshake.
 */
export class SocketAdapter extends AbstractWsAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly options: Partial<ServerOptions>,
    private readonly prepare: (server: Server) => void,
  ) {
    super(app);
  }

  override create(): Server {
    const server = new Server(this.httpServer as HttpServer, this.options);
    this.prepare(server);
    return server;
  }

  override bindMessageHandlers(client: Socket, handlers: WsMessageHandler[]): void {
    const byEvent = new Map(handlers.map((handler) => [handler.message, handler]));
    const pace = new MessagePace(Date.now());
    client.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const acknowledge: Acknowledge = typeof last === 'function' ? (last as Acknowledge) : () => undefined;
      const verdict = pace.next(Date.now());
      if (verdict !== 'take') {
        refuse(acknowledge, new DomainError('too_many_requests', 'Too many messages. Please slow down.'));
        if (verdict === 'cut') client.disconnect(true);
        return;
      }
      const handler = byEvent.get(event);
      if (!handler) {
        return refuse(acknowledge, new DomainError('invalid_input', 'There is no such event.'));
      }
      const payload = typeof args[0] === 'function' ? undefined : args[0];
      void answer(handler, payload, acknowledge);
    });
  }

  override async close(server: Server): Promise<void> {
    await server.close();
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
