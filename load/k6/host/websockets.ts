import { WebSocket as Connection } from 'ws';
import { CookieJar } from './cookie-jar';
import type { Metrics } from './metrics';
import type { VirtualUser } from './virtual-user';

interface Params {
  headers?: Record<string, string>;
  jar?: CookieJar;
}

interface Event {
  data?: string;
  code?: number;
  reason?: string;
  error?: string;
}

const EVENTS = ['open', 'message', 'close', 'error', 'ping', 'pong'] as const;
type EventName = (typeof EVENTS)[number];
type Listener = (event: Event) => unknown;

/** The `WebSocket` of `k6/websockets` for one virtual user; text messages only. */
export function webSocketsModule(user: VirtualUser, metrics: Metrics): object {
  const sessions = metrics.metric('ws_sessions', 'counter');

  class WebSocket {
    onopen?: Listener;
    onmessage?: Listener;
    onclose?: Listener;
    onerror?: Listener;
    onping?: Listener;
    onpong?: Listener;
    private readonly connection: Connection;
    private readonly listeners = new Map<EventName, Listener[]>();

    constructor(
      readonly url: string,
      protocols: string | string[] | null = null,
      { headers = {}, jar }: Params = {},
    ) {
      const cookies = jar?.header(url);
      const all = cookies ? { ...headers, Cookie: cookies } : headers;
      this.connection = new Connection(url, protocols ?? [], { headers: all, perMessageDeflate: false });
      const release = user.hold(() => this.connection.terminate());
      this.connection
        .on('upgrade', ({ headers: answer }) => jar?.store(url, answer['set-cookie'] ?? []))
        .on('open', () => {
          sessions.add(1);
          this.tell('open', {});
        })
        .on('message', (data: Buffer, isBinary) => {
          if (isBinary) this.tell('error', { error: 'a binary message, which this host does not know' });
          else this.tell('message', { data: data.toString('utf8') });
        })
        .on('ping', () => this.tell('ping', {}))
        .on('pong', () => this.tell('pong', {}))
        .on('error', (error) => this.tell('error', { error: error.message }))
        .on('close', (code, reason) => {
          this.tell('close', { code, reason: reason.toString('utf8') });
          release();
        });
    }

    get readyState(): number {
      return this.connection.readyState;
    }

    get bufferedAmount(): number {
      return this.connection.bufferedAmount;
    }

    addEventListener(name: EventName, listener: Listener): void {
      if (!EVENTS.includes(name)) throw new Error(`a WebSocket has no event ${name}`);
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    }

    send(data: string): void {
      if (typeof data !== 'string') throw new Error('this host sends text only');
      this.connection.send(data);
    }

    ping(): void {
      this.connection.ping();
    }

    close(code?: number, reason?: string): void {
      this.connection.close(code, reason);
    }

    private tell(name: EventName, event: Event): void {
      for (const listener of [this[`on${name}`], ...(this.listeners.get(name) ?? [])]) {
        if (listener) user.run(() => listener(event));
      }
    }
  }

  return { WebSocket };
}
