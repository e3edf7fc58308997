import { Injectable } from '@nestjs/common';
import { Topic } from '../../common/topic';
import type { EnrolmentsChanged } from '../seats/seat-news';

/** What this pod's ledger has committed, after every commit that changed something. Whoever listens tells other pods. */
@Injectable()
export class EnrolmentEvents extends Topic<[EnrolmentsChanged]> {}
