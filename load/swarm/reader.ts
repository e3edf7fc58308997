import { connect, type Socket } from 'node:net';
import type { Destination } from './raw-websocket';
import type { Tally } from './tally';

/** A bare TCP connection that counts what it reads. */
export class TcpReader {
  private readonly socket: Socket;

  constructor({ host, port, localAddress }: Destination, tally: Tally) {
    tally.counts.tried += 1;
    this.socket = connect({ host, port, localAddress }, () => (tally.counts.connected += 1));
    this.socket.on('data', (chunk: Buffer) => (tally.counts.bytes += chunk.length));
    this.socket.on('error', () => (tally.counts.lost += 1));
  }

  leave(): void {
    this.socket.destroy();
  }
}

/** Asks by HTTP once every so often, on one connection that is kept; a question waits until the one before is answered. */
export class HttpPoller {
  private readonly socket: Socket;
  private readonly requests: string[];
  private readonly timer: NodeJS.Timeout;
  private next: number;
  private askedAt?: number;
  private text = '';

  constructor(
    { host, port, localAddress, headers = {} }: Omit<Destination, 'path'>,
    { paths, everyMs, first }: { paths: readonly string[]; everyMs: number; first: number },
    private readonly tally: Tally,
  ) {
    tally.counts.tried += 1;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const rest = `Host: ${host}:${port}\r\nConnection: keep-alive\r\n${lines.join('')}\r\n`;
    this.requests = paths.map((path) => `GET ${path} HTTP/1.1\r\n${rest}`);
    this.next = first;
    this.socket = connect({ host, port, localAddress, noDelay: true }, () => (tally.counts.connected += 1));
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (tally.counts.lost += 1));
    this.timer = setInterval(() => this.ask(), everyMs);
    this.ask();
  }

  leave(): void {
    clearInterval(this.timer);
    this.socket.destroy();
  }

  private ask(): void {
    if (this.askedAt !== undefined) return;
    this.askedAt = performance.now();
    this.socket.write(this.requests[this.next++ % this.requests.length] ?? '');
  }

  private take(chunk: Buffer): void {
    this.text += chunk.toString('latin1');
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/^content-length: (\d+)/im.exec(this.text.slice(0, head))?.[1] ?? 0);
    if (this.text.length < head + 4 + length) return;
    const status = this.text.slice(9, 12);
    if (status !== '200') this.tally.refused[status] = (this.tally.refused[status] ?? 0) + 1;
    this.tally.counts.polls += 1;
    this.tally.counts.bytes += this.text.length;
    this.tally.times.pollMs.add(performance.now() - (this.askedAt ?? 0));
    this.text = '';
    this.askedAt = undefined;
  }
}
