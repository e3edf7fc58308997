import { Injectable } from '@nestjs/common';
import { ConcurrencyCounter } from '../../common/concurrency-counter';

/**
 * What is being answered right now, over sockets and HTTP, by the socket or the response that it is for, so that a pod
 * that goes away can finish it first.
 */
@Injectable()
export class InFlight extends ConcurrencyCounter<object> {}
