import { Module, OnApplicationBootstrap, OnApplicationShutdown, type Provider } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { Roster } from '../identity/roster';
import { AdmissionCheck, Outbox, EnrolmentEvents } from './ports';
import { TermArchiveController } from './operators/term-archive.controller';
import { TermArchive } from './operators/term-archive';
import { CartEvents, CartService } from './students/cart.service';
import { CartController } from './students/cart.controller';
import { CreditLimitController } from './operators/credit-limit.controller';
import { CreditLimits } from './operators/credit-limits';
import { EnrolmentController } from './students/enrolment.controller';
import { EnrolmentService } from './students/enrolment.service';
import { makeSeatLedger } from './ledger/make-ledger';
import { SeatLedger } from './ledger/seat-ledger';
import { SeatOperatorController } from './operators/seat-operator.controller';
import { SeatOperatorService } from './operators/seat-operator.service';
import { SeatSweep } from './ledger/seat-sweep';
import { TermOperatorController } from './operators/term-operator.controller';
import { TermOperatorService } from './operators/term-operator.service';
import { SeatStopController } from './operators/seat-stop.controller';
import { SeatStops } from './operators/seat-stops';
import { WaitlistController } from './students/waitlist.controller';
import { WaitlistService } from './students/waitlist.service';
import { CatalogueModule } from './catalogue/catalogue.module';

const PARTS: Provider[] = [
  CartEvents,
  CartService,
  TermOperatorService,
  EnrolmentService,
  {
    provide: SeatLedger,
    useFactory: (
      { timeZone }: Config,
      database: Database,
      admissions: AdmissionCheck,
      outbox: Outbox,
      events: EnrolmentEvents,
      roster: Roster,
    ) => makeSeatLedger({ database, admissions, outbox, events, timeZone, roster }),
    inject: [CONFIG, Database, AdmissionCheck, Outbox, EnrolmentEvents, Roster],
  },
  SeatSweep,
  SeatStops,
  TermArchive,
  CreditLimits,
  SeatOperatorService,
  WaitlistService,
];

/** The seats. Ports: `AdmissionCheck`, `AdmissionTokens`, `Outbox`. */
@Module({
  imports: [CatalogueModule],
  controllers: [
    CartController,
    EnrolmentController,
    WaitlistController,
    SeatOperatorController,
    SeatStopController,
    CreditLimitController,
    TermOperatorController,
    TermArchiveController,
  ],
  providers: PARTS,
  exports: [...PARTS, CatalogueModule],
})
export class RegistrationModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly sweep: SeatSweep,
    private readonly stops: SeatStops,
    private readonly ledger: SeatLedger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  /** First what gives the ledger work, then the ledger. */
  async onApplicationShutdown(): Promise<void> {
    await this.sweep.stop();
    await this.stops.close();
    await this.ledger.close();
  }
}
