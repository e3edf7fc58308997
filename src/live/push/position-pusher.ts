import { Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Outflow } from '../../admission/outflow';
import { chunksOf } from '../../common/collections';
import { forEach } from '../../common/topic';
import { PollingLoop } from '../../common/polling-loop';
import { Config, CONFIG } from '../../config/config';
import type { LineReplica } from '../../line/follower/line-replica';
import { LineService } from '../../line/line.service';
import type { RoomLine } from '../../line/follower/room-line';
import type { LinePositionMessage } from '../../contract/line';
import { LiveSessions } from '../live-sessions';
import { backlogOf, Session, SessionPlace } from '../session';
import { FlowNews, type ToldFlow } from './line-flow';

/** Sockets served before the event loop gets a turn. */
const SLICE = 250;
/** The number of people behind is refreshed this often while the own position stands, ms. */
const TOTAL_REFRESH_MS = 5_000;
/** Packets a socket may have waiting before a position is skipped; the next one supersedes it. */
const BACKLOG = 8;

/** Pushes to each waiting socket of this pod its position, each interval while it changes, the front of the line first. */
@Injectable()
export class PositionPusher implements OnApplicationBootstrap {
  private readonly logger = new Logger('Live');
  private readonly flows = new FlowNews();
  private readonly pushing = new PollingLoop(
    (signal) => this.pushAll(signal),
    (spentMs) => this.config.live.positionIntervalMs - spentMs,
  );

  constructor(
    private readonly lines: LineService,
    private readonly sessions: LiveSessions,
    private readonly outflow: Outflow,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.pushing.start();
  }

  async stop(): Promise<void> {
    await this.pushing.stop();
  }

  private async pushAll(signal: AbortSignal): Promise<void> {
    for (const line of this.lines.all()) await this.pushRoom(line, signal);
  }

  private async pushRoom(line: RoomLine, signal: AbortSignal): Promise<void> {
    const { replica } = line;
    if (!replica || !line.available || replica.state === 'recovering' || replica.drawPending) return;
    const waiting = waitingPlaces(this.sessions.inRoom(line.room.id), line.room.id);
    const speed = Math.round(replica.expectedSpeed() * 100) / 100;
    const told = this.flows.of(replica, line.counts.inside, this.outflow.current(Date.now()));
    for (const slice of chunksOf(waiting, SLICE)) {
      const at = replica.now();
      forEach(this.logger, 'Telling of a position', slice, ([session, place]) => {
        push(replica, session, place, { speed, at, told });
      });
      await nextTurn();
      if (signal.aborted || line.replica !== replica) return;
    }
  }
}

function waitingPlaces(sessions: ReadonlySet<Session>, roomId: string): [Session, SessionPlace][] {
  const waiting: [Session, SessionPlace][] = [];
  for (const session of sessions) {
    const place = session.places.get(roomId);
    if (place?.state === 'waiting') waiting.push([session, place]);
  }
  return waiting.sort(([, a], [, b]) => a.number - b.number);
}

interface Pace {
  speed: number;
  at: number;
  told: ToldFlow;
}

function push(replica: LineReplica, session: Session, place: SessionPlace, { speed, at, told }: Pace): void {
  if (place.state !== 'waiting' || backlogOf(session.socket) > BACKLOG) return;
  const position = replica.position(place.number);
  const moved = place.position === 0 || position < place.position;
  const total = Math.max(replica.total, position);
  const stale = total !== place.total && at - place.sentAt >= TOTAL_REFRESH_MS;
  const flow = place.flowVersion === told.version ? undefined : told.flow;
  if (!moved && !stale && !flow) return;
  place.flowVersion = told.version;
  if (moved) place.position = position;
  place.total = total;
  place.sentAt = at;
  const message: LinePositionMessage = {
    roomId: place.roomId,
    position: place.position,
    total,
    sequence: replica.shownSequence,
    at,
    speed,
    ...(flow && { flow }),
  };
  session.socket.emit('line:position', message);
}
