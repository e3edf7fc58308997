import type { Provider } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { AdmissionCheck } from './admission-ports';
import { CartEvents } from './cart-events';
import { CartController } from './cart.controller';
import { CartService } from './cart.service';
import { CatalogueController } from './catalogue.controller';
import { CatalogueService } from './catalogue.service';
import { EnrolmentEvents } from './enrolment-events';
import { EnrolmentController } from './enrolment.controller';
import { EnrolmentService } from './enrolment.service';
import { makeSeatLedger } from './make-ledger';
import { Outbox } from './outbox-port';
import { SeatLedger } from './seat-ledger';
import { SeatOperatorController } from './seat-operator.controller';
import { SeatOperatorService } from './seat-operator.service';
import { SeatSweep } from './seat-sweep';
import { TermOperatorController } from './term-operator.controller';
import { TermOperatorService } from './term-operator.service';
import { WaitlistController } from './waitlist.controller';
import { WaitlistService } from './waitlist.service';
import { WindowController } from './window.controller';

/**
 * What the composition root adds to have registration. It binds the ports `AdmissionCheck`, `AdmissionTokens`
 * and `Outbox`, opens the database with `registrationEntities`, starts and stops the sweep, and closes first that, then
 * the ledger, then the database.
 */
export const registrationProviders: Provider[] = [
  CatalogueService,
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
    ) => makeSeatLedger({ database, admissions, outbox, events, timeZone }),
    inject: [CONFIG, Database, AdmissionCheck, Outbox, EnrolmentEvents],
  },
  SeatSweep,
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
  TermOperatorController,
];
