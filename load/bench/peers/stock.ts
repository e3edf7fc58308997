/**
 * The waiting room as a good engineer writes it following the documentation of NestJS, socket.io and Redis: a gateway on
 * Nest's socket.io adapter with the Redis adapter, the line as a sorted set, and once a second a ZRANK for each student who
 * waits here (the client pipelines them by itself) and an emit to the student's socket. The line moves as many do it: one
 * pod takes so many from its head each second.
 *
 * PORT, REDIS_URL, SIGNING_KEYS, PING_INTERVAL_MS. `POST /push/on` and `/push/off`: whether the line moves, and is told.
 */
import 'reflect-metadata';
import { Controller, Get, type INestApplicationContext, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import {
  ConnectedSocket,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import type { Server, ServerOptions, Socket } from 'socket.io';
import { signingKeyList } from '../../../src/config/kinds';
import { SigningKeys } from '../../../src/identity/signing-keys';
import { everySecond } from './control';

const { PORT, REDIS_URL = '', SIGNING_KEYS, PING_INTERVAL_MS = '10000' } = process.env;
const keys = new SigningKeys(signingKeyList.parse(SIGNING_KEYS));

const LINE = 'stock:line';
const TAIL = 'stock:tail';
/** Students let in each second while the line moves. */
const RATE = 10;

const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });

@WebSocketGateway()
class LineGateway implements OnGatewayConnection, OnGatewayDisconnect {
  private readonly waiting = new Map<string, Socket>();
  readonly control = everySecond(() => void this.move());

  handleConnection(client: Socket): void {
    const { token = '' } = client.handshake.auth as { token?: string };
    const claims = keys.verifyCompact('sign-in', token) as { sub: string } | undefined;
    if (!claims) return void client.disconnect(true);
    (client.data as { studentId: string }).studentId = claims.sub;
  }

  handleDisconnect(client: Socket): void {
    this.waiting.delete((client.data as { studentId: string }).studentId);
  }

  @SubscribeMessage('line:join')
  async join(@ConnectedSocket() client: Socket): Promise<object> {
    const { studentId } = client.data as { studentId: string };
    const number = await redis.incr(TAIL);
    await redis.zadd(LINE, 'NX', number, studentId);
    this.waiting.set(studentId, client);
    client.emit('line:ticket', { ticket: 't', number, sequence: 0 });
    return { ok: true, state: 'waiting' };
  }

  private async move(): Promise<void> {
    const admitted = await redis.zpopmin(LINE, RATE);
    for (let index = 0; index < admitted.length; index += 2) this.admit(admitted[index] ?? '');
    const total = await redis.zcard(LINE);
    await Promise.all([...this.waiting].map(([studentId, client]) => this.tell(studentId, client, total)));
  }

  private async tell(studentId: string, client: Socket, total: number): Promise<void> {
    const rank = await redis.zrank(LINE, studentId);
    if (rank === null) return;
    const position = { roomId: 'room', position: rank + 1, total, sequence: 0, at: Date.now(), speed: RATE };
    client.emit('line:position', position);
  }

  private admit(studentId: string): void {
    this.waiting.get(studentId)?.emit('line:admitted', { expiresAt: Date.now() });
    this.waiting.delete(studentId);
  }
}

@Controller()
class ControlController {
  constructor(private readonly gateway: LineGateway) {}

  @Get('healthz')
  healthz(): object {
    return {};
  }

  @Post('push/on')
  on(): object {
    this.gateway.control.push(true);
    return {};
  }

  @Post('push/off')
  off(): object {
    this.gateway.control.push(false);
    return {};
  }
}

@Module({ providers: [LineGateway], controllers: [ControlController] })
class StockModule {}

/** As Nest's documentation writes it. */
class RedisIoAdapter extends IoAdapter {
  private readonly adapter = createAdapter(new Redis(REDIS_URL), new Redis(REDIS_URL));

  constructor(app: INestApplicationContext) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const interval = Number(PING_INTERVAL_MS);
    const settings = { ...options, pingInterval: interval, pingTimeout: interval } as ServerOptions;
    const server = super.createIOServer(port, settings) as Server;
    server.adapter(this.adapter);
    return server;
  }
}

async function main(): Promise<void> {
  const app = await NestFactory.create(StockModule, { logger: ['error'] });
  app.useWebSocketAdapter(new RedisIoAdapter(app));
  await app.listen(Number(PORT), '127.0.0.1');
}

void main();
