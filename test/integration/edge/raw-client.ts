import type { EventEmitter } from 'node:events';
import WebSocket from 'ws';
import { waitFor } from '../../../load/support/wait-for';

/** What opens a session of engine.io. */
export interface Opening {
  sid: string;
  upgrades: string[];
  pingInterval: number;
  pingTimeout: number;
  maxPayload: number;
}

const SEPARATOR = '\x1e';

/** A WebSocket that speaks the protocols frame by frame. Answers pings unless told otherwise, and leaves them out. */
export class RawSocket {
  readonly frames: string[] = [];
  pings = 0;
  closed = false;
  answersPings = true;
  readonly socket: WebSocket;

  constructor(url: string, query = 'EIO=4&transport=websocket', headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?${query}`, { headers });
    this.socket.on('message', (data: Buffer) => this.take(data.toString()));
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', () => (this.closed = true));
  }

  /** A session that is signed in and connected to the main namespace. */
  static async connected(url: string, token: string): Promise<RawSocket> {
    const raw = new RawSocket(url);
    await raw.next();
    raw.send(`40${JSON.stringify({ token })}`);
    const answer = await raw.next();
    if (!answer.startsWith('40')) throw new Error(`refused: ${answer}`);
    return raw;
  }

  send(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /** The oldest frame that was not taken yet. */
  async next(): Promise<string> {
    await waitFor(() => this.frames.length > 0, { what: 'a frame', intervalMs: 5 });
    return this.frames.shift() as string;
  }

  untilClosed(): Promise<true> {
    return waitFor(() => this.closed, { what: 'the connection to be closed' });
  }

  async untilOpen(): Promise<void> {
    await waitFor(() => this.socket.readyState === WebSocket.OPEN, { what: 'the WebSocket to open', intervalMs: 5 });
  }

  /** From now on it answers no close frame, as some clients do not. */
  ignoreCloses(): void {
    const { _receiver } = this.socket as unknown as { _receiver: EventEmitter };
    _receiver.removeAllListeners('conclude');
  }

  close(): void {
    this.socket.terminate();
  }

  private take(frame: string): void {
    if (frame !== '2') return void this.frames.push(frame);
    this.pings += 1;
    if (this.answersPings) this.send('3');
  }
}

/** A session by long-polling, request by request. */
export class RawPolling {
  private constructor(
    private readonly url: string,
    readonly opening: Opening,
  ) {}

  static async open(url: string): Promise<RawPolling> {
    const response = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
    if (!response.ok) throw new Error(`handshake: ${response.status}`);
    return new RawPolling(url, JSON.parse((await response.text()).slice(1)) as Opening);
  }

  static async connected(url: string, token: string): Promise<RawPolling> {
    const raw = await RawPolling.open(url);
    await raw.post(`40${JSON.stringify({ token })}`);
    const { text } = await raw.poll();
    if (!text.startsWith('40')) throw new Error(`refused: ${text}`);
    return raw;
  }

  get address(): string {
    return `${this.url}/socket.io/?EIO=4&transport=polling&sid=${this.opening.sid}`;
  }

  async poll(signal?: AbortSignal): Promise<{ status: number; text: string }> {
    const response = await fetch(this.address, { signal });
    return { status: response.status, text: await response.text() };
  }

  async post(body: string): Promise<{ status: number; text: string }> {
    const response = await fetch(this.address, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  }

  postAll(...packets: string[]): Promise<{ status: number; text: string }> {
    return this.post(packets.join(SEPARATOR));
  }

  /** The packets that come until there are `count`, pings left out and answered. */
  async packets(count: number): Promise<string[]> {
    const packets: string[] = [];
    while (packets.length < count) {
      const { status, text } = await this.poll();
      if (status !== 200) throw new Error(`poll: ${status}`);
      for (const packet of text.split(SEPARATOR)) {
        if (packet === '2') await this.post('3');
        else packets.push(packet);
      }
    }
    return packets;
  }
}
