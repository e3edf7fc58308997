import type { ConsoleSnapshot, ConsoleTick } from '../../src/contract/operate/console';
import type { ServerClock } from '../sdk';
import { between } from '../sdk';
import { advance, begin, type FeedState } from './feed-state';

export type FeedConnection = 'connecting' | 'live' | 'lost';

export interface FeedNews {
  connection: FeedConnection;
  state?: FeedState;
}

/** Nothing was heard for so long: the stream is dead, whatever the browser believes, ms. */
const SILENT_MS = 8_000;
/** Between two tries to get it back, ms; every console its own, so that a new pod does not meet all of them at once. */
const RETRY_MS = { least: 700, most: 2_500 };

/**
 * The one stream behind everything that the console shows. It is opened again whenever it ends: a pod that stops hands it
 * to another, which begins with everything. What was shown last stays, and is said to be old.
 */
export class Feed {
  private news: FeedNews = { connection: 'connecting' };
  private source: EventSource | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  /**
   * @param listener told of everything that changes
   * @param onEnded called whenever the stream was lost: the sign-in may be over
   */
  constructor(
    private readonly clock: ServerClock,
    private readonly listener: (news: FeedNews) => void,
    private readonly onEnded: () => void,
  ) {}

  start(): void {
    this.stopped = false;
    this.open();
  }

  stop(): void {
    this.stopped = true;
    this.close();
  }

  private open(): void {
    this.close();
    const source = new EventSource('/api/operator/stream');
    this.source = source;
    source.addEventListener('snapshot', ({ data }: MessageEvent<string>) => {
      const snapshot = JSON.parse(data) as ConsoleSnapshot;
      this.heard(snapshot.serverTime, begin(snapshot));
    });
    source.addEventListener('tick', ({ data }: MessageEvent<string>) => {
      const tick = JSON.parse(data) as ConsoleTick;
      if (this.news.state) this.heard(tick.serverTime, advance(this.news.state, tick));
    });
    source.addEventListener('error', () => this.lost());
    this.listenForSilence();
  }

  private heard(serverTime: number, state: FeedState): void {
    this.clock.push(serverTime);
    this.listenForSilence();
    this.tell({ connection: 'live', state });
  }

  private listenForSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENT_MS);
  }

  private lost(): void {
    if (this.stopped) return;
    this.close();
    this.tell({ ...this.news, connection: 'lost' });
    this.onEnded();
    this.retry = setTimeout(() => this.open(), between(RETRY_MS));
  }

  private close(): void {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
  }

  private tell(news: FeedNews): void {
    this.news = news;
    this.listener(news);
  }
}
