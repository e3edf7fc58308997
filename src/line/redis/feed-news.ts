import { Cluster } from 'ioredis';
import { sleep } from '../../common/clock';
import { withDeadline } from '../../common/deadline';
import type { RedisClient, RedisClients } from '../../redis/redis-clients';
import type { LineRef } from '../line-store';
import { lineKey } from './keys';

/** For so long one look at the feeds waits for news, ms: a reader who comes meanwhile is late by no more than that. */
const LOOK_MS = 100;

type Reply = [key: string, entries: unknown[]][] | null;

/** What one reader waits for. */
interface Reader {
  feed: string;
  durable: string;
  sequence: number;
  durableSequence: number;
  wake: () => void;
}

/** Up to where those who wait for one line have come at least. */
type Watched = Omit<Reader, 'wake'>;

/**
 * Wakes whoever waits for news of a line: an event, or that the trail has got further. All lines of a pod share one
 * connection for that, which waits at their streams together; in a cluster, where no command may name the keys of several
 * lines, they are looked at one by one, over the connections that are there.
 *
 * News is a hint: who was woken asks the line itself.
 */
export class FeedNews {
  private readonly readers = new Set<Reader>();
  private connection: RedisClient | undefined;
  private watching = false;
  private closed = false;

  constructor(private readonly clients: RedisClients) {}

  /** Resolves when there may be news after what the reader knows, or after `waitMs`; soon when nobody can look. */
  async wait(line: LineRef, sequence: number, durableSequence: number, waitMs: number): Promise<void> {
    if (this.closed) return;
    const over = new AbortController();
    const feed = lineKey(line, 'feed');
    const reader = { feed, durable: lineKey(line, 'durable'), sequence, durableSequence, wake: () => over.abort() };
    this.readers.add(reader);
    void this.watch();
    await sleep(waitMs, over.signal);
    this.readers.delete(reader);
  }

  /** Wakes everybody, and lets go of the connection. */
  close(): void {
    this.closed = true;
    for (const { wake } of this.readers) wake();
    this.readers.clear();
    this.disconnect();
  }

  private async watch(): Promise<void> {
    if (this.watching) return;
    this.watching = true;
    while (this.readers.size > 0) {
      const lines = this.watched();
      try {
        const news = await (this.clients.commands instanceof Cluster ? this.lookAround(lines) : this.look(lines));
        for (const { feed, wake } of this.readers) if (news.has(feed)) wake();
      } catch {
        // Whoever waits asks the line itself, and hears there what is wrong.
        this.disconnect();
        await sleep(LOOK_MS);
        for (const { wake } of this.readers) wake();
      }
      // Those who were woken take themselves off.
      await Promise.resolve();
    }
    this.watching = false;
  }

  private watched(): Watched[] {
    const lines = new Map<string, Watched>();
    for (const { feed, durable, sequence, durableSequence } of this.readers) {
      const known = lines.get(feed);
      lines.set(feed, {
        ...{ feed, durable },
        sequence: Math.min(sequence, known?.sequence ?? sequence),
        durableSequence: Math.min(durableSequence, known?.durableSequence ?? durableSequence),
      });
    }
    return [...lines.values()];
  }

  /** The feeds of the lines that have news. */
  private async look(lines: Watched[]): Promise<Set<string>> {
    if (this.connection?.status === 'end') this.disconnect();
    const connection = (this.connection ??= this.clients.blocking());
    const keys = lines.flatMap(({ feed, durable }) => [feed, durable]);
    const known = lines.flatMap(({ sequence, durableSequence }) => [`${sequence}-0`, `${durableSequence}-0`]);
    const reply = connection.xread('COUNT', 1, 'BLOCK', LOOK_MS, 'STREAMS', ...keys, ...known);
    // A server that stands still does not end the command by itself.
    return feedsOf(await withDeadline(reply, LOOK_MS + this.clients.commandTimeoutMs), lines);
  }

  private async lookAround(lines: Watched[]): Promise<Set<string>> {
    const { commands } = this.clients;
    const replies = lines.map(({ feed, durable, sequence, durableSequence }) =>
      commands.xread('COUNT', 1, 'STREAMS', feed, durable, `${sequence}-0`, `${durableSequence}-0`),
    );
    const news = feedsOf(
      (await Promise.all(replies)).flatMap((reply) => (reply as Reply) ?? []),
      lines,
    );
    if (news.size === 0) await sleep(LOOK_MS);
    return news;
  }

  private disconnect(): void {
    if (this.connection) this.clients.release(this.connection);
    this.connection = undefined;
  }
}

function feedsOf(reply: Reply, lines: Watched[]): Set<string> {
  const streams = new Set(reply?.map(([key]) => key));
  return new Set(
    lines.filter(({ feed, durable }) => streams.has(feed) || streams.has(durable)).map(({ feed }) => feed),
  );
}
