import { Injectable } from '@nestjs/common';
import { KeyedPace } from '../../common/keyed-pace';
import { MESSAGES_AT_ONCE, MESSAGES_PER_SECOND } from './message-pace';

const REMEMBERED = 20_000;
/** Pages that are opened again in all of a student's windows ask for some ten things each. */
const READS_AT_ONCE = 200;
const READS_PER_SECOND = 20;

/**
 * How fast one student may act and read on this pod, with all sockets and HTTP together: whoever is held back on one way
 * gains nothing by another. Times in ms.
 */
@Injectable()
export class StudentPace {
  private readonly acts = new KeyedPace({
    burst: MESSAGES_AT_ONCE,
    eachMs: 1_000 / MESSAGES_PER_SECOND,
    remembered: REMEMBERED,
  });
  private readonly reads = new KeyedPace({
    burst: READS_AT_ONCE,
    eachMs: 1_000 / READS_PER_SECOND,
    remembered: REMEMBERED,
  });

  /** Whether one more message, or HTTP request that may change something, is taken. */
  takesAct(studentId: string, now: number): boolean {
    return this.acts.take(studentId, now);
  }

  /** Whether one more HTTP request that only reads is taken. */
  takesRead(studentId: string, now: number): boolean {
    return this.reads.take(studentId, now);
  }
}
