import { Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Outflow } from '../../admission/outflow';
import { PollingLoop } from '../../common/polling-loop';
import { FRONT, TOLERATED_SHARE } from '../../common/reckoning';
import { Config, CONFIG } from '../../config/config';
import { LineService } from '../../line/line.service';
import type { RoomLine } from '../../line/follower/room-line';
import { LiveSessions } from '../live-sessions';
import { inTurns } from './in-turns';
import { FlowNews } from './line-flow';
import { type Look, PositionTeller } from './position-teller';

/** How often those are looked at whose shown number may soon be off, ms. */
const GLANCE_MS = 100;

/**
 * Pushes to each waiting socket of this pod its position, the front of the line first. A plain client gets it each interval
 * while it changes. Of one that extrapolates it is known what it shows (`common/reckoning`): it gets its position when that
 * would be off. All are looked at each interval; the front, and whoever an interval may carry too far, more often.
 */
@Injectable()
export class PositionPusher implements OnApplicationBootstrap {
  private readonly logger = new Logger('Live');
  private readonly flows = new FlowNews();
  private readonly intervalMs: number;
  private readonly glanceMs: number;
  private readonly pushing: PollingLoop;
  /** Glances until all are looked at again. */
  private untilAll = 0;

  constructor(
    private readonly lines: LineService,
    private readonly sessions: LiveSessions,
    private readonly outflow: Outflow,
    @Inject(CONFIG) { live }: Config,
  ) {
    this.intervalMs = live.positionIntervalMs;
    this.glanceMs = this.intervalMs / Math.ceil(this.intervalMs / GLANCE_MS);
    this.pushing = new PollingLoop(
      (signal) => this.look(signal),
      (spentMs) => this.glanceMs - spentMs,
    );
  }

  onApplicationBootstrap(): void {
    this.pushing.start();
  }

  async stop(): Promise<void> {
    await this.pushing.stop();
  }

  /** One look at all lines. */
  async look(signal: AbortSignal): Promise<void> {
    const atAll = this.untilAll <= 0;
    if (atAll) this.untilAll = Math.round(this.intervalMs / this.glanceMs);
    this.untilAll -= 1;
    for (const line of this.lines.all()) await this.pushRoom(line, atAll, signal);
  }

  private async pushRoom(line: RoomLine, atAll: boolean, signal: AbortSignal): Promise<void> {
    const { replica } = line;
    if (!replica || !line.available || replica.state === 'recovering' || replica.drawPending) return;
    const order = this.sessions.order(line.room.id);
    if (!order) return;
    if (atAll) order.tidy();
    const entries = order.inOrder();
    const told = this.flows.of(replica, line.counts.inside, this.outflow.current(Date.now()));
    const pace = replica.pace();
    const look: Look = { atAll, upTo: atAll ? Infinity : FRONT + this.carriesUpTo(pace), told, pace };
    const teller = new PositionTeller(line.room.id, replica, look);
    await inTurns(entries, ({ session, place }) => teller.tell(session, place), {
      ...{ logger: this.logger, what: 'Telling of a position' },
      goOn: () => {
        if (signal.aborted || line.replica !== replica) return false;
        teller.beginTurn();
        return true;
      },
    });
  }

  /** Up to which position one interval at this pace is more than what is tolerated. */
  private carriesUpTo(pace: number): number {
    return (pace * this.intervalMs) / 1_000 / TOLERATED_SHARE;
  }
}
