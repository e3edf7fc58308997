import { BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { sleep } from '../common/clock';
import { Config, CONFIG } from '../config/config';
import { LiveSessions } from './live-sessions';

/** Sockets closed between two short pauses. */
const BATCH = 100;
/** Part of the drain's time in which sockets are closed; the rest is for what is still in flight. */
const CLOSING_SHARE = 0.6;

/**
 * A gentle end: the pod stops being ready, every student is told when to come back, sockets are closed in jittered
 * batches (in a way that stock clients come back from by themselves), and only then do the stores go.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Drain');
  active = false;

  constructor(
    private readonly sessions: LiveSessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.active = true;
    const sessions = [...this.sessions.all()];
    if (sessions.length === 0) return;
    const window = this.config.live.drainSeconds * 1_000 * CLOSING_SHARE;
    this.logger.log(`Sending ${sessions.length} sockets to other pods within ${Math.round(window)} ms.`);
    for (const { socket } of sessions) {
      socket.emit('server:draining', { reconnectInMs: Math.round(Math.random() * 1_000) });
    }
    const batches = Math.ceil(sessions.length / BATCH);
    const pause = Math.min(250, window / batches);
    for (let start = 0; start < sessions.length; start += BATCH) {
      for (const { socket } of sessions.slice(start, start + BATCH)) socket.conn.close();
      await sleep(pause * Math.random() * 2);
    }
  }
}
