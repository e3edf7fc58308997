import type { Provider } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { Roster } from '../identity/roster';
import { AdmissionCheck } from './admission-ports';
import { TermArchiveController } from './archive/term-archive.controller';
import { TermArchive } from './archive/term-archive';
import { CartEvents } from './cart/cart-events';
import { CartController } from './cart/cart.controller';
import { CartService } from './cart/cart.service';
import { CatalogueController } from './catalogue/catalogue.controller';
import { CatalogueService } from './catalogue/catalogue.service';
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
import { TermWindows } from './catalogue/term-windows';
import { SeatStopController } from './stop/seat-stop.controller';
import { SeatStops } from './stop/seat-stops';
import { WaitlistController } from './waitlist/waitlist.controller';
import { WaitlistService } from './waitlist/waitlist.service';
import { WindowController } from './enrolment/window.controller';

/**
 * What the composition root adds to have registration. It binds the ports `AdmissionCheck`, `AdmissionTokens`
 * and `Outbox`, opens the database with `registrationEntities`, starts and stops the sweep, and closes first that, then
 * the ledger, then the database.
 */
export const registrationProviders: Provider[] = [
  CatalogueService,
  TermWindows,
  CartEvents,
  CartService,
  TermOperatorService,
  EnrolmentService,
  EnrolmentEvents,
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

export const registrationControllers = [
  CatalogueController,
  CartController,
  EnrolmentController,
  WaitlistController,
  WindowController,
  SeatOperatorController,
  SeatStopController,
  CreditLimitController,
  TermOperatorController,
  TermArchiveController,
];
