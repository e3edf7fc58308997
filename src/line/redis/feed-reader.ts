import type { RedisClient, RedisClients } from '../../redis/redis-clients';
import { lineError } from '../line-error';
import type { FeedPage, LineRef } from '../line-store';
import { lineKey } from './keys';
import { toLineError } from './redis-line-error';
import { parseEvent, StreamEntry } from './redis-line-format';

type StreamReply = [key: string, entries: StreamEntry[]][] | null;

/** Reads feeds, each waiting read on a connection of its own; connections are used again by later reads. */
export class FeedReader {
  private readonly idle: RedisClient[] = [];
  private readonly busy = new Set<RedisClient>();
  private closed = false;

  constructor(private readonly clients: RedisClients) {}

  async read(
    line: LineRef,
    afterSequence: number,
    options: { limit: number; waitMs: number; knownDurable: number },
  ): Promise<FeedPage> {
    if (this.closed) throw lineError('line_unavailable');
    const client = this.idle.pop() ?? this.clients.blocking();
    this.busy.add(client);
    // A server that stands still does not end the read; the connection is given up then, and the read with it.
    const limit = setTimeout(() => client.disconnect(), options.waitMs + this.clients.commandTimeoutMs);
    try {
      const page = await readPage(client, line, afterSequence, options);
      this.idle.push(client);
      return page;
    } catch (error) {
      this.clients.release(client);
      throw toLineError(error);
    } finally {
      clearTimeout(limit);
      this.busy.delete(client);
    }
  }

  close(): void {
    this.closed = true;
    for (const client of [...this.idle, ...this.busy]) this.clients.release(client);
  }
}

async function readPage(
  client: RedisClient,
  line: LineRef,
  afterSequence: number,
  { limit, waitMs, knownDurable }: { limit: number; waitMs: number; knownDurable: number },
): Promise<FeedPage> {
  const feed = lineKey(line, 'feed');
  const streams = [feed, lineKey(line, 'durable'), `${afterSequence}-0`, `${knownDurable}-0`] as const;
  const pipeline = client.pipeline();
  if (waitMs > 0) pipeline.xread('COUNT', limit, 'BLOCK', waitMs, 'STREAMS', ...streams);
  else pipeline.xread('COUNT', limit, 'STREAMS', ...streams);
  // Whether it was this line at all is known only by its incarnation.
  pipeline.hmget(lineKey(line, 'meta'), 'incarnation', 'durableSequence', 'durableBy');
  const results = await pipeline.exec();
  const [read, meta] = (results ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
  const [incarnation, durableSequence, durableBy] = meta as (string | null)[];
  if (incarnation !== line.incarnation) throw lineError('line_recovering');
  const entries = (read as StreamReply)?.find(([key]) => key === feed)?.[1] ?? [];
  const events = entries.map(parseEvent);
  const trimmed = events[0] !== undefined && events[0].sequence !== afterSequence + 1;
  return {
    events: trimmed ? [] : events,
    durableSequence: Number(durableSequence),
    durableBy: durableBy ?? '',
    trimmed,
  };
}
