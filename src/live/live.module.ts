import { Module, OnApplicationShutdown } from '@nestjs/common';
import { DoorWatch } from './door-watch';
import { Drain, InFlight } from './drain/drain';
import { EarlyArrivals } from './early-arrivals';
import { ConnectionCuts } from './edge/connection-watch';
import { EndedSignIns } from './edge/ended-sign-ins';
import { HandshakeGate, HandshakeGateController } from './edge/handshake-gate';
import { Refusals } from './edge/refusals';
import { RequestGate } from './edge/request-gate';
import { StudentRateLimiter } from './edge/rate-limiters';
import { FanOut } from './fan-out/fan-out';
import { LiveGateway } from './live.gateway';
import { LiveSessions } from './live-sessions';
import { PlacesController } from './places.controller';
import { Broadcaster } from './push/broadcaster';
import { CartAnnouncer, EnrolmentAnnouncer, StudentAnnouncer } from './push/student-announcers';
import { LineAnnouncer } from './push/line-announcer';
import { PositionPusher } from './push/position-pusher';
import { RoomNews } from './push/room-news';
import { SeatsWatch } from './push/seats-watch';
import { StopAnnouncer } from './push/stop-announcer';
import { RoomsController } from './rooms.controller';

const EDGE = [HandshakeGate, RequestGate, StudentRateLimiter, ConnectionCuts, Refusals, EndedSignIns];
const PUSH = [
  Broadcaster,
  LineAnnouncer,
  PositionPusher,
  RoomNews,
  SeatsWatch,
  StopAnnouncer,
  StudentAnnouncer,
  EnrolmentAnnouncer,
  CartAnnouncer,
  FanOut,
];
const DRAIN = [Drain, InFlight];

/** The WebSocket edge. Port: `FanOutAdapter` (the way from pod to pod). */
@Module({
  controllers: [HandshakeGateController, RoomsController, PlacesController],
  providers: [LiveGateway, LiveSessions, DoorWatch, EarlyArrivals, ...EDGE, ...PUSH, ...DRAIN],
  exports: [LiveSessions, FanOut, ...EDGE, ...DRAIN],
})
export class LiveModule implements OnApplicationShutdown {
  constructor(
    private readonly pusher: PositionPusher,
    private readonly doorWatch: DoorWatch,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pusher.stop();
    await this.doorWatch.stop();
  }
}
