/**
 * The same waiting room without sockets: a NestJS controller that says the place in line of whoever asks. The sign-in is
 * checked as ours is, the place is looked up in the very index that ours uses, and connections are kept.
 *
 * PORT, SIGNING_KEYS, RATE: students let in each second.
 */
import 'reflect-metadata';
import { Controller, Get, Headers, Module, UnauthorizedException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { signingKeyList } from '../../../src/config/kinds';
import { SigningKeys } from '../../../src/identity/signing-keys';
import { PositionIndex } from '../../../src/line/position-index';

const { PORT, SIGNING_KEYS, RATE = '0' } = process.env;
const keys = new SigningKeys(signingKeyList.parse(SIGNING_KEYS));

const numbers = new Map<string, number>();
const index = new PositionIndex(1);

@Controller()
class LineController {
  @Get('position')
  position(@Headers('authorization') authorization = ''): object {
    const claims = keys.verifyCompact('sign-in', authorization.slice('Bearer '.length)) as { sub: string } | undefined;
    if (!claims) throw new UnauthorizedException();
    let number = numbers.get(claims.sub);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(claims.sub, number);
      index.add(number);
    }
    return {
      roomId: 'room',
      position: index.position(number),
      total: index.total,
      at: Date.now(),
      speed: Number(RATE),
    };
  }

  @Get('healthz')
  healthz(): object {
    return {};
  }
}

@Module({ controllers: [LineController] })
class PolledModule {}

let next = 1;
setInterval(() => {
  for (let admitted = 0; admitted < Number(RATE) && next <= numbers.size; admitted += 1) index.remove(next++);
}, 1_000);

async function main(): Promise<void> {
  const app = await NestFactory.create(PolledModule, { logger: ['error'] });
  await app.listen(Number(PORT), '127.0.0.1');
  // As long as ours keeps idle connections.
  (app.getHttpServer() as { keepAliveTimeout: number }).keepAliveTimeout = 310_000;
}

void main();
