import { withDeadline } from '../../common/deadline';
import type { RedisClient, RedisClients } from '../../redis/redis-clients';
import { askServer } from '../../redis/script-runner';
import { lineError } from '../line-error';
import type { FeedPage, LineRef } from '../line-store';
import { lineKey } from './keys';
import { notLookedAt, toLineError } from './redis-line-error';
import { parseEvent, StreamEntry } from './redis-line-format';
import type { StoreTrouble } from './store-trouble';

interface FeedOptions {
  limit: number;
  waitMs: number;
  knownDurable: number;
}

const META_FIELDS = ['incarnation', 'sequence', 'durableSequence', 'durableBy', 'server', 'lost'];

type StreamReply = [key: string, entries: StreamEntry[]][] | null;

/** Reads feeds, each waiting read on a connection of its own; connections are used again by later reads. */
export class FeedReader {
  private readonly idle: RedisClient[] = [];
  /** Which server a connection, which does not move to another, found each room on. */
  private readonly servers = new WeakMap<RedisClient, Map<string, string>>();
  /** Connections in use, and how to end the read that waits on each. */
  private readonly busy = new Map<RedisClient, (error: Error) => void>();
  private closed = false;

  constructor(
    private readonly clients: RedisClients,
    private readonly trouble: StoreTrouble,
  ) {}

  async read(line: LineRef, afterSequence: number, options: FeedOptions): Promise<FeedPage> {
    if (this.closed) throw lineError('line_unavailable');
    const client = this.takeIdle() ?? this.clients.blocking();
    // Neither a server that stands still nor, in a cluster, a connection that is closed ends the read by itself.
    const ended = new Promise<never>((_resolve, reject) => this.busy.set(client, reject));
    const page = withDeadline(
      this.readPage(client, line, afterSequence, options),
      options.waitMs + this.clients.commandTimeoutMs,
    );
    try {
      const found = await Promise.race([page, ended]);
      this.idle.push(client);
      return found;
    } catch (error) {
      this.clients.release(client);
      const refusal = toLineError(error);
      if (!this.closed) this.trouble.failed(refusal);
      throw refusal;
    } finally {
      this.busy.delete(client);
    }
  }

  /** An idle connection that still stands; the others are given up. */
  private takeIdle(): RedisClient | undefined {
    for (;;) {
      const client = this.idle.pop();
      if (client === undefined || client.status === 'ready') return client;
      this.clients.release(client);
    }
  }

  close(): void {
    this.closed = true;
    for (const client of this.idle) this.clients.release(client);
    for (const end of this.busy.values()) end(lineError('line_unavailable'));
  }

  private async readPage(
    client: RedisClient,
    line: LineRef,
    afterSequence: number,
    options: FeedOptions,
  ): Promise<FeedPage> {
    const servers = this.servers.get(client) ?? new Map<string, string>();
    this.servers.set(client, servers);
    const server = servers.get(line.roomId) ?? (await askServer(client, lineKey(line, 'meta')));
    servers.set(line.roomId, server);
    return readPage(client, server, line, afterSequence, options);
  }
}

async function readPage(
  client: RedisClient,
  server: string,
  line: LineRef,
  afterSequence: number,
  { limit, waitMs, knownDurable }: FeedOptions,
): Promise<FeedPage> {
  const feed = lineKey(line, 'feed');
  const streams = [feed, lineKey(line, 'durable'), `${afterSequence}-0`, `${knownDurable}-0`] as const;
  const pipeline = client.pipeline();
  if (waitMs > 0) pipeline.xread('COUNT', limit, 'BLOCK', waitMs, 'STREAMS', ...streams);
  else pipeline.xread('COUNT', limit, 'STREAMS', ...streams);
  // Whether it was this line at all, with all that the reader has seen of it, only the line itself knows.
  pipeline.hmget(lineKey(line, 'meta'), ...META_FIELDS);
  const results = await pipeline.exec();
  const [read, meta] = (results ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
  const [incarnation, sequence, durableSequence, durableBy, heldOn, lost] = meta as (string | null)[];
  if (incarnation !== line.incarnation || lost === '1' || Number(sequence) < afterSequence) {
    throw lineError('line_recovering');
  }
  if (heldOn !== server) throw notLookedAt();
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
