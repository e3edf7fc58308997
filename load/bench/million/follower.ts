/** One pod's end of the line, in a process of its own: follows the whole feed, and says what that cost it. */
import { Logger } from '@nestjs/common';
import { systemTimers } from '../../../src/common/clock';
import { Topic } from '../../../src/common/topic';
import { type LineListener, RoomLine } from '../../../src/line/follower/room-line';
import type { LineRef } from '../../../src/line/line-store';
import { RedisLineStore } from '../../../src/line/redis/redis-line-store';
import { RedisClients } from '../../../src/redis/redis-clients';
import { type Percentiles, percentiles } from '../../support/percentiles';
import { ownCpuMs } from '../cpu';
import { roomOf } from '../recover/long-trail';

export interface FollowerReport {
  sequence: number;
  cpuMs: number;
  rssMib: number;
  /** How old the oldest event of a page was when it was applied, ms. */
  lag: Percentiles;
}

Logger.overrideLogger(['error', 'fatal']);

async function main({ url, ref }: { url: string; ref: LineRef }): Promise<void> {
  const clients = new RedisClients(url);
  await clients.ready();
  const store = new RedisLineStore(clients);
  const news = new Topic<[tell: (listener: LineListener) => void]>('Follower');
  const lags: number[] = [];
  news.subscribe((tell) =>
    tell({
      onEvents: (_line, [oldest]) => {
        if (oldest) lags.push(Date.now() - oldest.at);
      },
    }),
  );
  const epochs = {
    ensure: async (): Promise<{ ref: LineRef; server: string }> => {
      const seen = { podId: 'follower', sequence: 0, server: '', number: 0, latest: 0 };
      return { ref, server: (await store.check(ref, seen)).server };
    },
  };
  const line = new RoomLine(roomOf(ref.roomId), { store, epochs, timers: systemTimers }, news);
  line.start();
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const report: FollowerReport = {
      sequence: line.replica?.sequence ?? 0,
      cpuMs: ownCpuMs(),
      rssMib: process.memoryUsage.rss() / 2 ** 20,
      lag: percentiles(lags),
    };
    process.send?.(report);
  });
}

void main(JSON.parse(process.argv[2] ?? '{}') as { url: string; ref: LineRef });
