import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { Cluster } from 'ioredis';
import type { RedisClients } from '../../redis/redis-clients';
import { FanOutAdapter, MakeAdapter } from './fan-out';

/**
 * Between pods through Redis: `@socket.io/redis-adapter`, its sharded form on a cluster. There all messages go over one
 * channel: nothing is said to a room of sockets, so none needs a subscription of its own.
 */
export class RedisFanOut extends FanOutAdapter {
  readonly create: MakeAdapter;

  constructor(private readonly clients: RedisClients) {
    super();
    const { publisher, subscriber } = clients;
    this.create =
      publisher instanceof Cluster
        ? createShardedAdapter(publisher, subscriber, { subscriptionMode: 'static' })
        : createAdapter(publisher, subscriber);
  }

  ready(): boolean {
    return this.clients.publisher.status === 'ready' && this.clients.subscriber.status === 'ready';
  }
}
