import { setImmediate as nextTurn } from 'node:timers/promises';
import { Server } from 'socket.io';
import type { SeatsLeftMessage } from '../contract/seats';
import { FanOut } from '../live/fan-out/fan-out';
import { RedisFanOut } from '../live/fan-out/redis-fan-out';
import { withDeadline } from '../common/deadline';
import { RedisClients } from '../redis/redis-clients';

/** How long Redis may take to answer a command that is not a pod and has nothing else to do, ms. */
const PATIENCE_MS = 5_000;

/**
 * Tells every pod of seats that were changed by another process than a pod, which then tell those who watch. Whether pods
 * are there to hear it, nobody knows.
 *
 * @param redisUrl REDIS_URL of the pods
 * @throws Error when Redis cannot be reached in time
 */
export async function tellPodsOfSeats(
  redisUrl: string,
  termId: string,
  seats: SeatsLeftMessage['seats'],
): Promise<void> {
  const clients = new RedisClients(redisUrl);
  try {
    const fanOut = new FanOut(new RedisFanOut(clients));
    // One that nobody can connect to: all of socket.io that is needed is its way to the servers of the pods.
    fanOut.bind(new Server());
    await withDeadline(clients.pubSubReady(), PATIENCE_MS);
    fanOut.tellPodsOfSeats(termId, seats);
    await nextTurn();
    await withDeadline(clients.published(), PATIENCE_MS);
  } finally {
    clients.close();
  }
}
