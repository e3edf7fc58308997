import { Injectable } from '@nestjs/common';
import type { EnrolmentsChanged } from '../seats/seat-news';
import { CommittedEvents } from './committed-events';

/** What this pod's ledger has committed. */
@Injectable()
export class EnrolmentEvents extends CommittedEvents<EnrolmentsChanged> {}
