import { Injectable } from '@nestjs/common';
import { RateLimiter } from '../../common/rate-limiter';
import { type Connection, CLOSE_TIMEOUT_MS, endOwnHeartbeat, ping } from './connection';
import { Heartbeat, type Pulse } from './heartbeat';
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
  /** How often a connection is asked whether it is still there, ms. */
  pingIntervalMs: number;
  /** How long its answer may take, ms; and a queue may stand still for both times before its reader counts as lost. */
  pingTimeoutMs: number;
  /** How long a connection may be without a socket, ms. */
  signInMs: number;
}

export type CutReason = 'silent' | 'flood' | 'stalled' | 'backlog' | 'no_socket';

/** Connections that were cut, by reason, since the start. */
@Injectable()
export class ConnectionCuts implements Record<CutReason, number> {
  silent = 0;
  flood = 0;
  stalled = 0;
  backlog = 0;
  no_socket = 0;
}

/** A connection, and what the watch knows of it. */
class Watched implements Pulse {
  askedAt = 0;
  readonly frames = new RateLimiter(FRAMES, Date.now());
  /** Something was sent to it since its queues were last found empty: at first, that it is open. */
  sent = true;
  /** What stands at the head of its queue, how many bytes wait in its socket, and since when, ms. */
  stall: { head: unknown; bytes: number; since: number } | undefined;
  /** Since when it has been seen closing, ms. */
  closingSince: number | undefined;

  constructor(readonly connection: Connection) {}
}

/**
 * Cuts the connections that are lost, and those that would cost the others: that send without end, that do not read what
 * they are sent, or that stay without a socket. A cut is no refusal: whoever was only slow comes back, and finds the
 * place kept.
 */
export class ConnectionWatch {
  private readonly heartbeat: Heartbeat<Watched>;
  private readonly timer: NodeJS.Timeout;

  /** @param cuts where cuts are counted */
  constructor(
    private readonly limits: ConnectionLimits,
    readonly cuts: ConnectionCuts,
  ) {
    this.heartbeat = new Heartbeat({
      intervalMs: limits.pingIntervalMs,
      timeoutMs: limits.pingTimeoutMs,
      ask: ping,
      lose: ({ connection }) => this.cut(connection, 'silent'),
    });
    this.timer = setInterval(() => this.sweep(Date.now()), SWEEP_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.heartbeat.stop();
  }

  /**
   * Asks a new connection from time to time whether it is still there; any packet is an answer. Counts every frame of it,
   * the pings and pongs of the WebSocket itself included: we ask for none of those.
   */
  watch(connection: Connection): void {
    endOwnHeartbeat(connection);
    const watched = new Watched(connection);
    connection.on('packet', ({ type }) => {
      watched.askedAt = 0;
      this.countFrame(watched);
      // The protocol's own goodbye, which engine.io hears on long-polling only.
      if (type === 'close') connection.close(true);
    });
    connection.on('packetCreate', () => {
      watched.sent = true;
      if (connection.writeBuffer.length >= MOST_WAITING_PACKETS) this.cut(connection, 'backlog');
    });
    const countControls = ({ socket }: Connection['transport']): void => {
      const count = (): void => {
        // It is answered, by the WebSocket itself.
        watched.sent = true;
        this.countFrame(watched);
      };
      socket?.on('ping', count);
      socket?.on('pong', count);
    };
    countControls(connection.transport);
    connection.on('upgrade', countControls);
    connection.on('close', this.heartbeat.add(watched));
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

  private countFrame({ connection, frames }: Watched): void {
    if (connection.readyState === 'open' && !frames.take(Date.now())) this.cut(connection, 'flood');
  }

  private sweep(now: number): void {
    this.heartbeat.forEach((watched) => this.check(watched, now));
  }

  /** Looks at so little of those who were sent nothing that thousands of them cost nothing. */
  private check(watched: Watched, now: number): void {
    const { connection } = watched;
    if (connection.readyState === 'closing') return this.endClose(watched, now);
    if (!watched.sent) return;
    const { writeBuffer, transport } = connection;
    const inSocket = transport.socket?.bufferedAmount ?? 0;
    if (writeBuffer.length === 0 && inSocket === 0) {
      watched.sent = false;
      watched.stall = undefined;
      return;
    }
    const bytes = inSocket + (writeBuffer.length > SHORT_QUEUE ? sizeOf(writeBuffer) : 0);
    if (bytes > MOST_WAITING_BYTES) return this.cut(connection, 'backlog');
    const { stall } = watched;
    if (!stall || stall.head !== writeBuffer[0] || stall.bytes > inSocket) {
      watched.stall = { head: writeBuffer[0], bytes: inSocket, since: now };
    } else if (now - stall.since >= this.limits.pingIntervalMs + this.limits.pingTimeoutMs) {
      this.cut(connection, 'stalled');
    }
  }

  /** A close waits for what was sent before it: for a second, for the peer may not read, and goes on sending. */
  private endClose(watched: Watched, now: number): void {
    watched.closingSince ??= now;
    if (now - watched.closingSince >= CLOSE_TIMEOUT_MS) end(watched.connection);
  }

  /** At once: what waits would only wait longer, and a peer that does not read does not agree to a close either. */
  private cut(connection: Connection, reason: CutReason): void {
    if (connection.readyState === 'closed') return;
    this.cuts[reason] += 1;
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
