import { Module, OnApplicationBootstrap, OnApplicationShutdown, type Provider } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { Roster } from '../identity/roster';
import { AdmissionCheck } from './admission-ports';
import { TermArchiveController } from './archive/term-archive.controller';
import { TermArchive } from './archive/term-archive';
import { CartEvents } from './cart/cart-events';
import { CartController } from './cart/cart.controller';
import { CartService } from './cart/cart.service';
import { CreditLimitController } from './credits/credit-limit.controller';
import { CreditLimits } from './credits/credit-limits';
import { EnrolmentEvents } from './enrolment-events';
import { EnrolmentController } from './enrolment/enrolment.controller';
import { EnrolmentService } from './enrolment/enrolment.service';
import { makeSeatLedger } from './ledger/make-ledger';
import { Outbox } from './outbox-port';
import { SeatLedger } from './ledger/seat-ledger';
import { SeatOperatorController } from './enrolment/seat-operator.controller';
import { SeatOperatorService } from './enrolment/seat-operator.service';
import { SeatSweep } from './ledger/seat-sweep';
import { TermOperatorController } from './catalogue/term-operator.controller';
import { TermOperatorService } from './catalogue/term-operator.service';
import { SeatStopController } from './stop/seat-stop.controller';
import { SeatStops } from './stop/seat-stops';
import { WaitlistController } from './waitlist/waitlist.controller';
import { WaitlistService } from './waitlist/waitlist.service';
import { WindowController } from './enrolment/window.controller';
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
    WindowController,
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
