import { DynamicModule, Module } from '@nestjs/common';
import { ADMISSION_ENTITIES, AdmissionModule } from './admission/admission.module';
import { AdmissionProjection } from './admission/admission-projection';
import { AdmissionService } from './admission/admission.service';
import { Outflow } from './admission/outflow';
import { systemClock } from './common/clock';
import { floor } from './common/floor';
import type { Config } from './config/config';
import { ConfigModule } from './config/config.module';
import { DatabaseModule } from './database/database.module';
import { identityEntities, IdentityModule } from './identity/identity.module';
import { JoinWindows } from './line/join-door';
import { EpochProvider } from './line/epoch-provider';
import { LineModule } from './line/line.module';
import { LINE_STORE, type LineStore } from './line/line-store';
import { MemoryLineStore } from './line/memory/memory-line-store';
import { RedisLineStore } from './line/redis/redis-line-store';
import { FanOutAdapter, SinglePod } from './live/fan-out/fan-out';
import { RedisFanOut } from './live/fan-out/redis-fan-out';
import { LiveModule } from './live/live.module';
import { NOTICE_ENTITIES, NoticeModule } from './notice/notice.module';
import { OutboxTable } from './notice/outbox';
import { SectionNames } from './notice/mail-composer';
import { OperateModule } from './operate/operate.module';
import type { RedisClients } from './redis/redis-clients';
import { REDIS, RedisModule } from './redis/redis.module';
import { AdmissionCheck, AdmissionTokens, Outbox } from './registration/ports';
import { CatalogueModule } from './registration/catalogue/catalogue.module';
import { CatalogueService } from './registration/catalogue/catalogue.service';
import { TermWatch } from './registration/catalogue/term-watch';
import { registrationEntities } from './registration/entities';
import { SeatLedger } from './registration/ledger/seat-ledger';
import { RegistrationModule } from './registration/registration.module';
import { KnownTerms } from './room/known-terms';
import { ROOM_ENTITIES, RoomModule } from './room/room.module';
import { EndedAdmissions, TRAIL_PROJECTIONS } from './trail/trail-ports';
import { Recovery } from './trail/recovery';
import { TRAIL_ENTITIES, TrailModule } from './trail/trail.module';

const ENTITIES = [
  ...identityEntities,
  ...ROOM_ENTITIES,
  ...TRAIL_ENTITIES,
  ...ADMISSION_ENTITIES,
  ...registrationEntities,
  ...NOTICE_ENTITIES,
];

const makeLineStore = (redis?: RedisClients): LineStore =>
  redis ? new RedisLineStore(redis) : new MemoryLineStore(systemClock);

const makeFanOut = (redis?: RedisClients): FanOutAdapter => (redis ? new RedisFanOut(redis) : new SinglePod());

const makeAdmissionCheck = (admissions: AdmissionService): AdmissionCheck => ({
  liveAdmissions: (manager, claims, now) => admissions.lives(manager, claims, now),
});

const makeAdmissionTokens = (admissions: AdmissionService): AdmissionTokens => ({
  verify: (token, studentId, termId) => admissions.verifyFor(token, studentId, termId),
  noteAct: (studentId, termId) => admissions.noteAct(studentId, termId),
});

/**
 * The composition root: the floors from the ground up, each with what answers its ports, and the only place that picks
 * embedded or clustered parts. Nest starts the floors in this order and stops them in the reverse one.
 */
@Module({})
export class AppModule {
  constructor(ledger: SeatLedger, outflow: Outflow) {
    // The outflow follows how the seat ledger's batches go.
    ledger.onBatch(({ durationMs, failed }) => outflow.observe(durationMs, failed, Date.now()));
  }

  static register(config: Config): DynamicModule {
    const room = floor(RoomModule, [CatalogueModule], [{ provide: KnownTerms, useExisting: CatalogueService }]);
    const line = floor(
      LineModule,
      [IdentityModule, CatalogueModule, room],
      [
        { provide: LINE_STORE, useFactory: makeLineStore, inject: [REDIS] },
        { provide: EpochProvider, useClass: Recovery },
        { provide: EndedAdmissions, useClass: AdmissionProjection },
        { provide: JoinWindows, useExisting: TermWatch },
      ],
    );
    const trail = floor(
      TrailModule,
      [IdentityModule, line],
      [{ provide: TRAIL_PROJECTIONS, useFactory: () => [new AdmissionProjection()] }],
    );
    const admission = floor(AdmissionModule, [IdentityModule, line, trail]);
    const notice = floor(
      NoticeModule,
      [IdentityModule, CatalogueModule],
      [{ provide: SectionNames, useExisting: CatalogueService }],
    );
    const registration = floor(
      RegistrationModule,
      [IdentityModule, admission, notice],
      [
        { provide: AdmissionCheck, useFactory: makeAdmissionCheck, inject: [AdmissionService] },
        { provide: AdmissionTokens, useFactory: makeAdmissionTokens, inject: [AdmissionService] },
        { provide: Outbox, useExisting: OutboxTable },
      ],
    );
    const live = floor(
      LiveModule,
      [IdentityModule, room, line, admission, registration],
      [{ provide: FanOutAdapter, useFactory: makeFanOut, inject: [REDIS] }],
    );
    const operate = floor(OperateModule, [IdentityModule, room, line, admission, notice, registration, live]);
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule.with(ENTITIES),
        RedisModule,
        admission,
        registration,
        operate,
      ],
    };
  }
}
