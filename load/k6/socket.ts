import type { CookieJar } from 'k6/http';
import { WebSocket } from 'k6/websockets';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/contract/events.ts';

type Request<Event extends keyof ClientToServerEvents> = Parameters<ClientToServerEvents[Event]>[0];
type Answer<Event extends keyof ClientToServerEvents> = Parameters<Parameters<ClientToServerEvents[Event]>[1]>[0];
type Message<Event extends keyof ServerToClientEvents> = Parameters<ServerToClientEvents[Event]>[0];
type Listeners = { [Event in keyof ServerToClientEvents]?: (message: Message<Event>) => void };

/** Packet types of Engine.IO 4; a message carries a packet of Socket.IO 5. */
const ENGINE = { open: '0', close: '1', ping: '2', pong: '3', message: '4' } as const;
const SOCKET = { connect: '0', disconnect: '1', event: '2', acknowledgement: '3', refusal: '4' } as const;

/** k6 leaves out the constants of the standard. */
const OPEN = 1;

export interface SocketOptions {
  /** http(s)://host[:port] */
  url: string;
  /** The student's sign-in. */
  token: string;
  cookies: CookieJar;
  listeners: Listeners;
  onConnect: () => void;
  /** Also after a refusal, whose text it then gets. */
  onClose: (refusal?: string) => void;
}

/** One student's socket: Socket.IO over a plain WebSocket, as far as this service speaks it (text only). */
export class Socket {
  private readonly webSocket: WebSocket;
  private readonly answers = new Map<number, (answer: never) => void>();
  private nextId = 0;
  private refusal?: string;

  constructor(private readonly options: SocketOptions) {
    const url = `${options.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
    this.webSocket = new WebSocket(url, null, { jar: options.cookies });
    this.webSocket.onmessage = (event) => {
      if (typeof event?.data === 'string') this.receive(event.data);
    };
    this.webSocket.onclose = () => options.onClose(this.refusal);
    this.webSocket.onerror = (event) => {
      this.refusal ??= event?.error;
    };
  }

  /** Asks, and calls `done` with the answer. It never does when the socket is lost before. */
  emit<Event extends keyof ClientToServerEvents>(
    event: Event,
    request: Request<Event>,
    done: (answer: Answer<Event>) => void,
  ): void {
    const id = this.nextId;
    this.nextId += 1;
    this.answers.set(id, done);
    this.send(`${SOCKET.event}${id}${JSON.stringify([event, request])}`);
  }

  close(): void {
    if (this.webSocket.readyState <= OPEN) this.webSocket.close();
  }

  private send(packet: string): void {
    if (this.webSocket.readyState === OPEN) this.webSocket.send(`${ENGINE.message}${packet}`);
  }

  private receive(data: string): void {
    switch (data.charAt(0)) {
      case ENGINE.open:
        return this.send(`${SOCKET.connect}${JSON.stringify({ token: this.options.token })}`);
      case ENGINE.ping:
        return this.webSocket.send(ENGINE.pong);
      case ENGINE.close:
        return this.close();
      case ENGINE.message:
        return this.receivePacket(data.charAt(1), data.slice(2));
    }
  }

  private receivePacket(type: string, body: string): void {
    switch (type) {
      case SOCKET.connect:
        return this.options.onConnect();
      case SOCKET.event:
        return this.receiveEvent(body);
      case SOCKET.acknowledgement:
        return this.receiveAnswer(body);
      case SOCKET.refusal:
        this.refusal = body;
        return this.close();
      case SOCKET.disconnect:
        return this.close();
    }
  }

  private receiveEvent(body: string): void {
    const { id, values } = split(body);
    const [event, message] = values as [keyof ServerToClientEvents, never];
    this.options.listeners[event]?.(message);
    if (id !== '') this.send(`${SOCKET.acknowledgement}${id}[]`);
  }

  private receiveAnswer(body: string): void {
    const { id, values } = split(body);
    const done = this.answers.get(Number(id));
    this.answers.delete(Number(id));
    done?.(values[0] as never);
  }
}

/** `12["name",{…}]` → the id (which may be missing) and the values. */
function split(body: string): { id: string; values: unknown[] } {
  const start = body.indexOf('[');
  return { id: body.slice(0, start), values: JSON.parse(body.slice(start)) as unknown[] };
}
