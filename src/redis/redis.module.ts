import { Global, Inject, Module, OnApplicationShutdown } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { RedisClients } from './redis-clients';
import { RedisWatch } from './redis-watch';

/** The connections to Redis; undefined when embedded. */
export const REDIS = Symbol('REDIS');

const PARTS = [
  {
    provide: REDIS,
    useFactory: ({ redisUrl }: Config) => (redisUrl === undefined ? undefined : new RedisClients(redisUrl)),
    inject: [CONFIG],
  },
  { provide: RedisWatch, useFactory: (redis?: RedisClients) => new RedisWatch(redis), inject: [REDIS] },
];

/** Redis for every floor, where there is one; closed when all floors have stopped. */
@Global()
@Module({ providers: PARTS, exports: PARTS })
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: RedisClients | undefined) {}

  onApplicationShutdown(): void {
    this.redis?.close();
  }
}
