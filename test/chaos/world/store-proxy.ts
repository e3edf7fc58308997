import { connect, createServer, type Server, type Socket } from 'node:net';
import { Lane } from './lane';

interface Link {
  client: Socket;
  upstream: Socket;
  up: Lane;
  down: Lane;
}

/** What becomes of a chunk: it is passed on, it is lost with everything after it, or only what it is answered is lost. */
export type Verdict = 'pass' | 'lose' | 'mute';

/** Looks at what a client says on one connection, from its first byte on. */
export type Tap = (data: Buffer) => Verdict;

/**
 * A TCP proxy between one pod and one store, and the network's faults: it can be slow, stand still, cut what is open,
 * and take nothing new.
 */
export class StoreProxy {
  /** Added to every chunk in both directions, ms. */
  delayMs = 0;
  /** Makes the tap of a new connection. */
  tap?: () => Tap;
  /** What the faults did. */
  readonly done = { delayed: 0, cut: 0, refused: 0, stalled: 0 };
  private readonly links = new Set<Link>();
  private server?: Server;
  private mode: 'open' | 'stalled' | 'refusing' = 'open';

  private constructor(private readonly target: number) {}

  static async start(targetPort: number): Promise<StoreProxy> {
    const proxy = new StoreProxy(targetPort);
    const server = createServer((client) => proxy.accept(client));
    proxy.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.server?.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** The URL of a store, through this proxy. */
  through(url: string): string {
    const proxied = new URL(url);
    proxied.host = `127.0.0.1:${this.port}`;
    return proxied.href;
  }

  get connections(): number {
    return this.links.size;
  }

  /** Nothing passes in either direction, and no connection ends. */
  stall(): void {
    this.mode = 'stalled';
    this.done.stalled += this.links.size;
    for (const { client, upstream } of this.links) {
      client.pause();
      upstream.pause();
    }
  }

  /** Resets every open connection, as a firewall that lost its table. */
  cut(): void {
    this.done.cut += this.links.size;
    for (const { client, upstream } of this.links) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  }

  /** Cuts, and resets every new connection. */
  refuse(): void {
    this.mode = 'refusing';
    this.cut();
  }

  /** The network is well again. */
  heal(): void {
    this.mode = 'open';
    this.delayMs = 0;
    this.tap = undefined;
    for (const { client, upstream } of this.links) {
      client.resume();
      upstream.resume();
    }
  }

  async stop(): Promise<void> {
    const { server } = this;
    const closed = server && new Promise<void>((resolve) => server.close(() => resolve()));
    this.cut();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.mode === 'refusing') {
      this.done.refused += 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(this.target, '127.0.0.1');
    const link: Link = { client, upstream, up: new Lane(upstream), down: new Lane(client) };
    this.links.add(link);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      // An error is followed by the close, which ends the other side.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.end(link));
    }
    const tap = this.tap?.();
    let verdict: Verdict = 'pass';
    client.on('data', (data) => {
      if (verdict === 'pass') verdict = tap?.(data) ?? 'pass';
      if (verdict !== 'lose') this.pass(link.up, data);
    });
    upstream.on('data', (data) => {
      if (verdict === 'pass') this.pass(link.down, data);
    });
    if (this.mode !== 'stalled') return;
    this.done.stalled += 1;
    client.pause();
    upstream.pause();
  }

  private pass(lane: Lane, data: Buffer): void {
    if (this.delayMs > 0) this.done.delayed += 1;
    lane.pass(data, this.delayMs);
  }

  private end(link: Link): void {
    this.links.delete(link);
    for (const lane of [link.up, link.down]) lane.stop();
    for (const socket of [link.client, link.upstream]) socket.destroy();
  }
}
