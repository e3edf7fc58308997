import type { Provider } from '@nestjs/common';
import { Database } from '../database/database';
import { AdmissionCheck } from './admission-ports';
import { CartController } from './cart.controller';
import { CartService } from './cart.service';
import { CatalogueController } from './catalogue.controller';
import { CatalogueService } from './catalogue.service';
import { EnrolmentEvents } from './enrolment-events';
import { EnrolmentController } from './enrolment.controller';
import { EnrolmentService } from './enrolment.service';
import { SeatBatch } from './seat-batch';
import { SeatLedger } from './seat-ledger';
import { SeatStore } from './seat-store';
import { TermOperatorController } from './term-operator.controller';
import { TermOperatorService } from './term-operator.service';

/**
 * What the composition root adds to have registration. It binds the ports `AdmissionCheck` and `AdmissionTokens`, opens
 * the database with `registrationEntities`, and closes the ledger before the database.
 */
export const registrationProviders: Provider[] = [
  CatalogueService,
  CartService,
  TermOperatorService,
  EnrolmentService,
  EnrolmentEvents,
  {
    provide: SeatLedger,
    useFactory: (database: Database, admissions: AdmissionCheck, events: EnrolmentEvents) =>
      new SeatLedger(database, new SeatBatch(new SeatStore(database.kind), admissions), events),
    inject: [Database, AdmissionCheck, EnrolmentEvents],
  },
];

export const registrationControllers = [
  CatalogueController,
  CartController,
  EnrolmentController,
  TermOperatorController,
];
