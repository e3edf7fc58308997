import { Injectable } from '@nestjs/common';
import { RateLimiter } from '../../common/rate-limiter';
import { type Connection, CLOSE_TIMEOUT_MS } from './connection';
import { FRAMES } from './rate-limiters';

/** How often queues are looked at, ms. */
const SWEEP_MS = 1_000;
/**
 * Packets that one connection may have waiting: more than the answers to a whole burst of questions (see MessageRateLimiter).
 * Checked at every packet, for a second is enough to fill the memory of a pod with messages for a thousand that do not read.
 */
const MOST_WAITING_PACKETS = 64;
/** Bytes that one connection may have waiting here, once the kernel's own buffers are full. */
const MOST_WAITING_BYTES = 64 * 1_024;
/** Queues up to this length are not measured: nothing that we send is larger than 8 KB. */
const SHORT_QUEUE = 8;

export interface ConnectionLimits {
  /** How long a queue may stand still before its reader counts as lost, ms. */
  stallMs: number;
  /** How long a connection may be without a socket, ms. */
  signInMs: number;
}

export type CutReason = 'flood' | 'stalled' | 'backlog' | 'no_socket';

/** Connections that were cut, by reason, since the start. */
@Injectable()
export class ConnectionCuts implements Record<CutReason, number> {
  flood = 0;
  stalled = 0;
  backlog = 0;
  no_socket = 0;
}

interface Stall {
  head: unknown;
  bytes: number;
  since: number;
}

/**
 * Cuts the connections that would cost the others: those that send without end, that do not read what they are sent, or
 * that stay without a socket. A cut is no refusal: whoever was only slow comes back, and finds the place kept.
 */
export class ConnectionWatch {
  private readonly stalls = new Map<Connection, Stall>();
  /** Connections that are closing, and since when, ms. */
  private readonly closing = new WeakMap<Connection, number>();
  private readonly timer: NodeJS.Timeout;

  /**
   * @param connections all that are open, by session id
   * @param cuts where cuts are counted
   */
  constructor(
    private readonly connections: () => Readonly<Record<string, Connection>>,
    private readonly limits: ConnectionLimits,
    readonly cuts: ConnectionCuts,
  ) {
    this.timer = setInterval(() => this.sweep(Date.now()), SWEEP_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Counts every frame of a new connection, the pings and pongs of the WebSocket itself included: we ask for none. */
  watch(connection: Connection): void {
    const frames = new RateLimiter(FRAMES, Date.now());
    const count = (): void => {
      if (connection.readyState === 'open' && !frames.take(Date.now())) this.cut(connection, 'flood');
    };
    connection.on('packet', ({ type }) => {
      count();
      // The protocol's own goodbye, which engine.io hears on long-polling only.
      if (type === 'close') connection.close(true);
    });
    connection.on('packetCreate', () => {
      if (connection.writeBuffer.length >= MOST_WAITING_PACKETS) this.cut(connection, 'backlog');
    });
    const countControls = ({ socket }: Connection['transport']): void => {
      socket?.on('ping', count);
      socket?.on('pong', count);
    };
    countControls(connection.transport);
    connection.on('upgrade', countControls);
    connection.on('close', () => void this.stalls.delete(connection));
  }

  /** Gives a connection, a new one or one whose socket has left it, its time to sign in. @param since ms */
  expectSocket(connection: Connection, hasSocket: () => boolean, since = Date.now()): void {
    if (connection.readyState === 'closing' || connection.readyState === 'closed') return;
    const late = setTimeout(
      () => {
        if (connection.readyState === 'open' && !hasSocket()) this.cut(connection, 'no_socket');
      },
      Math.max(0, since + this.limits.signInMs - Date.now()),
    );
    late.unref();
  }

  private sweep(now: number): void {
    const connections = this.connections();
    for (const id in connections) {
      const connection = connections[id];
      if (connection) this.check(connection, now);
    }
  }

  private check(connection: Connection, now: number): void {
    const { writeBuffer, transport, readyState } = connection;
    if (readyState === 'closing') return this.endClose(connection, now);
    const inSocket = transport.socket?.bufferedAmount ?? 0;
    if (writeBuffer.length === 0 && inSocket === 0) {
      this.stalls.delete(connection);
      return;
    }
    const bytes = inSocket + (writeBuffer.length > SHORT_QUEUE ? sizeOf(writeBuffer) : 0);
    if (bytes > MOST_WAITING_BYTES) return this.cut(connection, 'backlog');
    const stall = this.stalls.get(connection);
    if (!stall || stall.head !== writeBuffer[0] || stall.bytes > inSocket) {
      this.stalls.set(connection, { head: writeBuffer[0], bytes: inSocket, since: now });
    } else if (now - stall.since >= this.limits.stallMs) {
      this.cut(connection, 'stalled');
    }
  }

  /** A close waits for what was sent before it: for a second, for the peer may not read, and goes on sending. */
  private endClose(connection: Connection, now: number): void {
    const since = this.closing.get(connection);
    if (since === undefined) this.closing.set(connection, now);
    else if (now - since >= CLOSE_TIMEOUT_MS) end(connection);
  }

  /** At once: what waits would only wait longer, and a peer that does not read does not agree to a close either. */
  private cut(connection: Connection, reason: CutReason): void {
    if (connection.readyState === 'closed') return;
    this.cuts[reason] += 1;
    this.stalls.delete(connection);
    end(connection);
  }
}

function end(connection: Connection): void {
  connection.transport.socket?.terminate();
  connection.close(true);
}

function sizeOf(packets: Connection['writeBuffer']): number {
  let bytes = 0;
  for (const { data } of packets) bytes += data?.length ?? 0;
  return bytes;
}
