import { Logger } from '@nestjs/common';
import { Cluster } from 'ioredis';
import { jittered, sleep } from '../../common/clock';
import { withDeadline } from '../../common/deadline';
import { errorText } from '../../common/text';
import type { RedisClient, RedisClients } from '../../redis/redis-clients';
import type { LineRef } from '../line-store';
import { lineKey } from './keys';
import { toLineError } from './redis-line-error';
import type { StoreTrouble } from './store-trouble';

/** For so long one look at the feeds waits for news, ms: a reader who comes meanwhile is late by no more than that. */
const LOOK_MS = 100;
/** The pause after a look that failed doubles from `LOOK_MS` up to this, ms. */
const LONGEST_PAUSE_MS = 2_000;
/** Who waits for a line that cannot be looked at asks the line itself, this often, ms. */
const BLIND_MS = 500;
/** For so long such a line is left out, ms. */
const SET_ASIDE_MS = 10_000;
/** Of a key that holds something else, which is that line's trouble alone. */
const NO_STREAM = /WRONGTYPE/;

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
 * News is a hint: who was woken asks the line itself. A line whose streams are something else is set aside and told, so
 * that the look at the others goes on.
 */
export class FeedNews {
  private readonly logger = new Logger('Line store');
  private readonly readers = new Set<Reader>();
  /** Feeds of lines that cannot be looked at, and until when they are left out, by a monotonic clock, ms. */
  private readonly aside = new Map<string, number>();
  private failures = 0;
  private connection: RedisClient | undefined;
  private watching = false;
  private closed = false;

  /** @param trouble tells why nobody can look */
  constructor(
    private readonly clients: RedisClients,
    private readonly trouble: StoreTrouble,
  ) {}

  /** Resolves when there may be news after what the reader knows, or after `waitMs`; soon when nobody can look. */
  async wait(line: LineRef, sequence: number, durableSequence: number, waitMs: number): Promise<void> {
    if (this.closed) return;
    const over = new AbortController();
    const feed = lineKey(line, 'feed');
    const reader = { feed, durable: lineKey(line, 'durable'), sequence, durableSequence, wake: () => over.abort() };
    const isAside = this.isAside(feed);
    this.readers.add(reader);
    if (!isAside) void this.watch();
    await sleep(isAside ? Math.min(waitMs, BLIND_MS) : waitMs, over.signal);
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
    for (let lines = this.watched(); lines.length > 0; lines = this.watched()) {
      try {
        const news = await (this.clients.commands instanceof Cluster ? this.lookAround(lines) : this.look(lines));
        this.failures = 0;
        this.wake(({ feed }) => news.has(feed));
      } catch (error) {
        await this.bear(error, lines);
      }
      // Those who were woken take themselves off.
      await Promise.resolve();
    }
    this.watching = false;
  }

  private wake(whom: (reader: Reader) => boolean): void {
    for (const reader of this.readers) if (whom(reader)) reader.wake();
  }

  /** Finds the line that the others fail of; when it is none, whoever waits asks the line itself, and hears what is wrong. */
  private async bear(error: unknown, lines: Watched[]): Promise<void> {
    if (NO_STREAM.test(errorText(error))) {
      const news = await this.lookAround(lines).catch(() => undefined);
      if (news) return this.wake(({ feed }) => news.has(feed) || this.aside.has(feed));
    }
    this.disconnect();
    if (!this.closed) this.trouble.failed(toLineError(error));
    const pauseMs = Math.min(LONGEST_PAUSE_MS, LOOK_MS * 2 ** Math.min(this.failures++, 10));
    await sleep(jittered(pauseMs));
    this.wake(() => true);
  }

  private isAside(feed: string): boolean {
    const until = this.aside.get(feed);
    if (until !== undefined && until <= performance.now()) this.aside.delete(feed);
    return this.aside.has(feed);
  }

  private setAside({ feed, durable }: Watched): void {
    for (const earlier of [...this.aside.keys()]) this.isAside(earlier);
    this.aside.set(feed, performance.now() + SET_ASIDE_MS);
    const fields = { code: 'feed_damaged', keys: [feed, durable] };
    this.logger.error(
      fields,
      'What should be a feed is no stream: the line is asked now and then, and the others go on',
    );
  }

  private watched(): Watched[] {
    const lines = new Map<string, Watched>();
    for (const { feed, durable, sequence, durableSequence } of this.readers) {
      if (this.isAside(feed)) continue;
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

  /** One by one. */
  private async lookAround(lines: Watched[]): Promise<Set<string>> {
    const { commands } = this.clients;
    const looks = lines.map(async (line): Promise<Reply> => {
      const known = [`${line.sequence}-0`, `${line.durableSequence}-0`];
      try {
        return await commands.xread('COUNT', 1, 'STREAMS', line.feed, line.durable, ...known);
      } catch (error) {
        if (!NO_STREAM.test(errorText(error))) throw error;
        this.setAside(line);
        return null;
      }
    });
    const replies = await Promise.all(looks);
    const news = feedsOf(
      replies.flatMap((reply) => reply ?? []),
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
