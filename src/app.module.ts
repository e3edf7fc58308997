import { DynamicModule, Global, Inject, Module, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { AdmissionController } from './admission/admission.controller';
import { AdmissionLoop } from './admission/admission-loop';
import { AdmissionProjection } from './admission/admission-projection';
import { AdmissionService } from './admission/admission.service';
import { AdmissionTokenSigner } from './admission/admission-token';
import { AdmissionEntity } from './admission/admission.entity';
import { Outflow } from './admission/outflow';
import { systemClock } from './common/clock';
import { Config, CONFIG } from './config/config';
import { databaseFile } from './database/data-directory';
import { Database } from './database/database';
import { openDatabase } from './database/open-database';
import { identityEntities, IdentityModule } from './identity/identity.module';
import { JoinWindows } from './line/join-windows';
import { LineKeeper } from './line/line-keeper';
import { LINE_STORE, LineStore } from './line/line-store';
import { LineService } from './line/line.service';
import { RedisLineStore } from './line/redis/redis-line-store';
import { MemoryLineStore } from './line/memory/memory-line-store';
import { TicketSigner } from './line/ticket-signer';
import { CartAnnouncer } from './live/push/cart-announcer';
import { ConnectionCuts } from './live/edge/connection-watch';
import { Door } from './live/edge/door';
import { EndedSignIns } from './live/edge/ended-sign-ins';
import { DoorController } from './live/edge/door.controller';
import { Drain } from './live/drain/drain';
import { EnrolmentAnnouncer } from './live/push/enrolment-announcer';
import { FanOut, FanOutAdapter, SinglePod } from './live/fan-out/fan-out';
import { InFlight } from './live/drain/in-flight';
import { LineAnnouncer } from './live/push/line-announcer';
import { LiveGateway } from './live/live.gateway';
import { LiveSessions } from './live/live-sessions';
import { PositionPusher } from './live/push/position-pusher';
import { RequestGate } from './live/edge/request-gate';
import { StudentPace } from './live/edge/student-pace';
import { RedisFanOut } from './live/fan-out/redis-fan-out';
import { Refusals } from './live/edge/refusals';
import { DoorWatch } from './live/door-watch';
import { EarlyArrivals } from './live/early-arrivals';
import { RoomNews } from './live/push/room-news';
import { PlacesController } from './live/places.controller';
import { RoomsController } from './live/rooms.controller';
import { StopAnnouncer } from './live/push/stop-announcer';
import { SeatsWatch } from './live/push/seats-watch';
import { ClockWatch } from './operate/clock-watch';
import { Demo } from './operate/demo';
import { HealthController } from './operate/health.controller';
import { Metrics } from './operate/metrics';
import { MetricsController } from './operate/metrics.controller';
import { MetricsServer } from './operate/metrics-server';
import { OperatorController } from './operate/operator.controller';
import { Readiness } from './operate/readiness';
import { RoomArchive } from './operate/room-archive';
import { NOTICE_CONTROLLERS, NOTICE_ENTITIES, NOTICE_PROVIDERS } from './notice/notice-parts';
import { OutboxTable } from './notice/outbox';
import { OutboxPurge } from './notice/outbox-purge';
import { OutboxWorker } from './notice/outbox-worker';
import { SectionNames } from './notice/section-names';
import { RedisClients } from './redis/redis-clients';
import { RedisWatch } from './redis/redis-watch';
import { AdmissionCheck, AdmissionTokens } from './registration/admission-ports';
import { CatalogueService } from './registration/catalogue/catalogue.service';
import { TermWindows } from './registration/catalogue/term-windows';
import { registrationEntities } from './registration/entities';
import { registrationControllers, registrationProviders } from './registration/registration.parts';
import { Outbox } from './registration/outbox-port';
import { SeatLedger } from './registration/ledger/seat-ledger';
import { SeatSweep } from './registration/ledger/seat-sweep';
import { SeatStops } from './registration/stop/seat-stops';
import { KnownTerms } from './room/known-terms';
import { RoomEntity, RoomVersionEntity } from './room/room.entity';
import { RoomService } from './room/room.service';
import { EndedAdmissions } from './trail/ended-admissions';
import { LotteryDraw } from './trail/lottery-draw';
import { Recovery } from './trail/recovery';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from './trail/trail.entity';
import { TRAIL_PROJECTIONS } from './trail/trail-projection';
import { TrailWriter } from './trail/trail-writer';

/** The connections to Redis; undefined when embedded. */
const REDIS = Symbol('REDIS');

const ENTITIES = [
  ...identityEntities,
  RoomEntity,
  RoomVersionEntity,
  LineEpochEntity,
  TrailCheckpointEntity,
  TrailEntity,
  AdmissionEntity,
  ...registrationEntities,
  ...NOTICE_ENTITIES,
];

/** Opens the database of the mode, with every migration done. */
async function makeDatabase(config: Config): Promise<Database> {
  const { url, replicaUrls, replicaLagMs, poolSize } = config.database;
  const database = await openDatabase(
    url === undefined
      ? { file: databaseFile(config.dataDir), entities: ENTITIES }
      : { url, replicaUrls: [...replicaUrls], replicaLagMs, poolSize, entities: ENTITIES },
  );
  await database.migrate();
  await database.clock.measure();
  return database;
}

/** Undefined when embedded. */
function makeRedis({ redisUrl }: Config): RedisClients | undefined {
  return redisUrl === undefined ? undefined : new RedisClients(redisUrl);
}

const makeLineStore = (redis: RedisClients | undefined): LineStore =>
  redis ? new RedisLineStore(redis) : new MemoryLineStore(systemClock);

const makeFanOut = (redis: RedisClients | undefined): FanOutAdapter =>
  redis ? new RedisFanOut(redis) : new SinglePod();

/** Seat commits ask the admissions of the floor beside theirs through these two. */
const makeAdmissionCheck = (admissions: AdmissionService): AdmissionCheck => ({
  liveAdmissions: (manager, claims, now) => admissions.lives(manager, claims, now),
});

/** The outflow follows how the seat ledger's batches go. */
function makeOutflow(ledger: SeatLedger): Outflow {
  const outflow = new Outflow();
  ledger.onBatch(({ durationMs, failed }) => outflow.observe(durationMs, failed, Date.now()));
  return outflow;
}

const makeAdmissionTokens = (admissions: AdmissionService): AdmissionTokens => ({
  verify: (token, studentId, termId) => admissions.verifyFor(token, studentId, termId),
  noteAct: (studentId, termId) => admissions.noteAct(studentId, termId),
});

/** What every floor needs: the configuration, and the parts of the mode that was chosen. */
@Global()
@Module({})
class StoresModule {
  static register(config: Config): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: Database, useFactory: makeDatabase, inject: [CONFIG] },
      { provide: REDIS, useFactory: makeRedis, inject: [CONFIG] },
      { provide: LINE_STORE, useFactory: makeLineStore, inject: [REDIS] },
      { provide: FanOutAdapter, useFactory: makeFanOut, inject: [REDIS] },
    ];
    return { module: StoresModule, providers, exports: providers };
  }
}

/**
 * The composition root: the only place that picks embedded or clustered parts and binds the ports of one floor to the
 * classes of another. Stops everything in order: first what makes work, last what holds the truth.
 */
@Module({})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly pusher: PositionPusher,
    private readonly doorWatch: DoorWatch,
    private readonly loop: AdmissionLoop,
    private readonly trail: TrailWriter,
    private readonly lines: LineService,
    private readonly rooms: RoomService,
    private readonly ledger: SeatLedger,
    private readonly seatSweep: SeatSweep,
    private readonly seatStops: SeatStops,
    private readonly mails: OutboxWorker,
    private readonly mailPurge: OutboxPurge,
    private readonly database: Database,
    @Inject(REDIS) private readonly redis: RedisClients | undefined,
  ) {}

  static register(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [StoresModule.register(config), IdentityModule],
      controllers: [
        AdmissionController,
        ...registrationControllers,
        ...NOTICE_CONTROLLERS,
        DoorController,
        RoomsController,
        PlacesController,
        OperatorController,
        HealthController,
        MetricsController,
      ],
      providers: [
        RoomService,
        { provide: KnownTerms, useExisting: CatalogueService },
        { provide: JoinWindows, useExisting: TermWindows },
        TicketSigner,
        LineService,
        { provide: LineKeeper, useClass: Recovery },
        { provide: EndedAdmissions, useExisting: AdmissionProjection },
        AdmissionProjection,
        { provide: TRAIL_PROJECTIONS, useFactory: (...all: unknown[]) => all, inject: [AdmissionProjection] },
        TrailWriter,
        LotteryDraw,
        AdmissionTokenSigner,
        AdmissionService,
        { provide: Outflow, useFactory: makeOutflow, inject: [SeatLedger] },
        AdmissionLoop,
        { provide: AdmissionCheck, useFactory: makeAdmissionCheck, inject: [AdmissionService] },
        { provide: AdmissionTokens, useFactory: makeAdmissionTokens, inject: [AdmissionService] },
        { provide: Outbox, useExisting: OutboxTable },
        ...registrationProviders,
        { provide: SectionNames, useExisting: CatalogueService },
        ...NOTICE_PROVIDERS,
        LiveSessions,
        DoorWatch,
        EarlyArrivals,
        InFlight,
        FanOut,
        LineAnnouncer,
        PositionPusher,
        RoomNews,
        SeatsWatch,
        StopAnnouncer,
        EnrolmentAnnouncer,
        CartAnnouncer,
        LiveGateway,
        Drain,
        Door,
        EndedSignIns,
        StudentPace,
        RequestGate,
        ConnectionCuts,
        Refusals,
        Metrics,
        MetricsServer,
        ClockWatch,
        { provide: RedisWatch, useFactory: (redis?: RedisClients) => new RedisWatch(redis), inject: [REDIS] },
        Readiness,
        RoomArchive,
        Demo,
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.mails.start();
    this.mailPurge.start();
    this.seatSweep.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pusher.stop();
    await this.doorWatch.stop();
    await this.seatSweep.stop();
    await this.seatStops.close();
    await this.ledger.close();
    await this.mails.stop();
    await this.mailPurge.stop();
    await this.loop.stop();
    await this.trail.stop();
    await this.rooms.stop();
    await this.lines.stop();
    this.redis?.close();
    await this.database.close();
  }
}
