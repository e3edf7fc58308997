import { BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Config, CONFIG } from '../../config/config';
import { LiveSessions } from '../live-sessions';
import { inTurns } from '../push/in-turns';
import type { LiveSocket } from '../session';
import { ConcurrencyCounter } from '../../common/concurrency-counter';

/**
 * What is being answered right now, over sockets and HTTP, by the socket or the response that it is for, so that a pod
 * that goes away can finish it first.
 */
@Injectable()
export class InFlight extends ConcurrencyCounter<object> {}

/** Part of the drain's time in which sockets are closed, and part after which nothing is waited for any more. */
const CLOSING_SHARE = 0.6;
const ANSWERING_SHARE = 0.85;
/** The other pods take this many of ours per second without effort; a few leave within a second all the same. */
const LEAVING_PER_SECOND = 500;
const SHORTEST_WINDOW_MS = 1_000;
/** What leaves within this time leaves in one batch, ms. */
const BATCH_MS = 100;
/** Clients that go when they were told to are given this much time before they are closed, ms. */
const SLACK_MS = 300;
const POLL_MS = 20;

interface Leaving {
  socket: LiveSocket;
  /** ms after the start of the hand-over. */
  at: number;
}

/**
 * A gentle end: the pod stops being ready, every student is told when to come back, each at a time of the own; sockets are
 * closed in batches (in a way that stock clients come back from by themselves), but not before what they asked for is
 * answered; HTTP requests are answered too; and only then do the stores go.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Drain');
  active = false;

  constructor(
    private readonly sessions: LiveSessions,
    private readonly inFlight: InFlight,
    private readonly http: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.active = true;
    const started = performance.now();
    const elapsed = (): number => performance.now() - started;
    const drainMs = this.config.live.drainSeconds * 1_000;
    await this.handOver(drainMs, elapsed);
    // From here on nobody new is let in at all; proxies ask the next pod.
    (this.http.httpAdapter.getHttpServer() as Server).close();
    while (this.inFlight.total > 0 && elapsed() < drainMs * ANSWERING_SHARE) await pause(POLL_MS);
    const left = this.inFlight.total;
    if (left > 0)
      this.logger.warn({ code: 'drain_cut', requests: left }, 'The time to drain is over with requests unanswered');
    this.logger.log({ code: 'drained', ms: Math.round(elapsed()) }, 'Drained');
  }

  private async handOver(drainMs: number, elapsed: () => number): Promise<void> {
    const sockets = [...this.sessions.all()].map(({ socket }) => socket);
    if (sockets.length === 0) return;
    const needed = Math.max(SHORTEST_WINDOW_MS, (sockets.length / LEAVING_PER_SECOND) * 1_000);
    const windowMs = Math.min(drainMs * CLOSING_SHARE, needed);
    const fields = { code: 'draining', sockets: sockets.length, withinMs: Math.round(windowMs) };
    this.logger.log(fields, 'Sockets are sent to other pods');
    let leaving = await tell(sockets, windowMs, this.logger);
    while (leaving.length > 0 && elapsed() < drainMs * ANSWERING_SHARE) {
      const due = elapsed() - SLACK_MS;
      leaving = leaving.filter(({ socket, at }) => !this.isGone(socket, at <= due));
      await pause(BATCH_MS);
    }
    for (const { socket } of leaving) socket.conn.close();
  }

  /** Closes a socket whose time has come, unless it still waits for an answer. Whether it is gone. */
  private isGone(socket: LiveSocket, due: boolean): boolean {
    if (!socket.connected) return true;
    if (!due || this.inFlight.of(socket) > 0) return false;
    socket.conn.close();
    return true;
  }
}

/** Tells every socket a time of its own, spread evenly over the window and in no order that anybody could know. */
async function tell(sockets: LiveSocket[], windowMs: number, logger: Logger): Promise<Leaving[]> {
  const leaving: Leaving[] = [];
  const tellOne = (socket: LiveSocket): void => {
    const at = Math.round(Math.random() * windowMs);
    leaving.push({ socket, at });
    socket.emit('server:draining', { reconnectInMs: at });
  };
  await inTurns(sockets, tellOne, { logger, what: 'Telling of the drain' });
  return leaving;
}
