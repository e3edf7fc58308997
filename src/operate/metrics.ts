import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Outflow } from '../admission/outflow';
import { LineService } from '../line/line.service';
import type { RoomLine } from '../line/follower/room-line';
import { ConnectionCuts } from '../live/edge/connection-watch';
import { LiveSessions } from '../live/live-sessions';
import { OutboxBacklog } from '../notice/outbox-backlog';
import { OutboxWorker } from '../notice/outbox-worker';
import { Refusals } from '../live/edge/refusals';
import { WrongTokenThrottle } from '../identity/wrong-token-throttle';
import { Roster } from '../identity/roster';
import { RosterKeeper } from '../identity/roster-keeper';
import { SeatLedger } from '../registration/ledger/seat-ledger';
import { ClockWatch } from './clock-watch';
import { counterBy } from './counters';
import { eventLoopMetrics, OWN_LAG_PRECISION_MS } from './event-loop-metrics';
import { outboxMetrics } from './outbox-metrics';
import { seatMetrics } from './seat-metrics';

/** Of Node.js' own: gauges that are named like counters. The same figures by type are there without `_total`. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `sunbeon_nodejs_active_${what}_total`);

/**
 * What Prometheus reads. Figures are taken when it asks, from this pod's copies: a scrape costs the line nothing, and the
 * database a look at the outbox every few seconds.
 */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  readonly registry = new Registry();
  private readonly endMeasuring: () => void;

  constructor(
    private readonly lines: LineService,
    private readonly sessions: LiveSessions,
    cuts: ConnectionCuts,
    refusals: Refusals,
    wrongTokens: WrongTokenThrottle,
    outflow: Outflow,
    ledger: SeatLedger,
    backlog: OutboxBacklog,
    mails: OutboxWorker,
    clock: ClockWatch,
    roster: Roster,
    rosterKeeper: RosterKeeper,
  ) {
    const { registry } = this;
    collectDefaultMetrics({
      register: registry,
      prefix: 'sunbeon_',
      eventLoopMonitoringPrecision: OWN_LAG_PRECISION_MS,
    });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
    this.endMeasuring = eventLoopMetrics(registry);
    this.gauge('sunbeon_sockets', 'Live sockets of this pod', () => this.sessions.size);
    this.gauge('sunbeon_roster_students', 'Students whom the roster names; 0 where there is none', () => roster.size);
    this.gauge(
      'sunbeon_roster_refused_students',
      'Students who could not register any more by the roster file that was refused last; 0 when none was',
      () => rosterKeeper.refused?.lost ?? 0,
    );
    new Gauge({
      name: 'sunbeon_clock_skew_seconds',
      help: "By how much this pod's clock is ahead of a store's",
      labelNames: ['store'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [store, skewMs] of Object.entries(clock.skews())) this.set({ store }, skewMs / 1_000);
      },
    });
    this.perRoom('sunbeon_line_waiting', 'Students waiting in the room', (line) => line.replica?.total ?? 0);
    this.perRoom('sunbeon_line_present', 'Waiting students with a live socket', (line) => line.counts.present);
    this.perRoom('sunbeon_line_inside', 'Students inside', (line) => line.counts.inside);
    this.perRoom('sunbeon_line_speed_admissions_per_second', 'Admissions per second, ten-second mean', (line) =>
      line.replica ? line.replica.speed() : 0,
    );
    this.perRoom('sunbeon_line_available', '1 while the line is live on this pod', (line) => Number(line.available));
    this.perRoom('sunbeon_line_epoch', 'Current life of the line', (line) => line.ref?.epoch ?? 0);
    this.perRoom('sunbeon_trail_lag_events', 'Events that the trail does not hold yet', (line) =>
      Math.max(0, (line.replica?.sequence ?? 0) - line.durableSequence),
    );
    this.gauge('sunbeon_outflow_share', "Share of the rooms' rate that this pod lets students in at", () =>
      outflow.current(Date.now()),
    );
    this.perRoomTotal('sunbeon_line_joins_total', 'Places in line that this pod gave', ({ figures }) => figures.joined);
    this.perRoomTotal(
      'sunbeon_line_admissions_total',
      'Students whom this pod let in',
      ({ figures }) => figures.admitted,
    );
    this.refusals(refusals, wrongTokens);
    const help = 'Connections that this pod cut because they would have cost the others';
    counterBy(this.registry, { name: 'sunbeon_connections_cut_total', help, label: 'reason' }, () => ({ ...cuts }));
    seatMetrics(this.registry, ledger);
    outboxMetrics(this.registry, backlog, mails);
  }

  onApplicationShutdown(): void {
    this.endMeasuring();
    this.registry.clear();
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  private perRoom(name: string, help: string, read: (line: RoomLine) => number): void {
    const lines = this.lines;
    new Gauge({
      name,
      help,
      labelNames: ['room'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const line of livingOf(lines)) this.set({ room: line.room.id }, read(line));
      },
    });
  }

  private perRoomTotal(name: string, help: string, read: (line: RoomLine) => number): void {
    const totals = (): Record<string, number> =>
      Object.fromEntries(livingOf(this.lines).map((line) => [line.room.id, read(line)]));
    counterBy(this.registry, { name, help, label: 'room' }, totals);
  }

  private refusals({ requests, handshakes }: Refusals, { refused }: WrongTokenThrottle): void {
    const { registry } = this;
    const refusals = { name: 'sunbeon_refusals_total', help: 'Requests and messages that were refused', label: 'code' };
    counterBy(registry, refusals, () => requests.read());
    const sockets = { name: 'sunbeon_handshakes_refused_total', help: 'Sockets that were not opened', label: 'code' };
    counterBy(registry, sockets, () => handshakes.read());
    const name = 'sunbeon_operator_tokens_refused_total';
    const help = 'Operator tokens that were wrong, answered at once or late';
    counterBy(registry, { name, help, label: 'reason' }, () => refused.read());
  }
}

/** A room whose line is over has no series any more. */
const livingOf = (lines: LineService): RoomLine[] => [...lines.all()].filter((line) => !line.hasEnded);
