import { ConcurrencyCounter } from '../../common/concurrency-counter';
import { DomainError } from '../../common/domain-error';

/** Requests that are worked on at once. More would only wait longer, and fill the memory; their clients ask again. */
const MOST = 5_000;
/** Of those, how many may be of nobody in particular: the others are kept for students who are signed in. */
const MOST_ANONYMOUS = 4_000;
/** Browsers open six connections to a host, and a student may have several windows. */
const MOST_OF_A_STUDENT = 16;

/** How many requests are worked on at once: in all, of those who are not signed in, and of each student. Pure. */
export class RequestConcurrencyLimiter {
  /** By student; undefined: nobody in particular. */
  private readonly underWay = new ConcurrencyCounter<string | undefined>();

  /**
   * @param studentId undefined for nobody in particular
   * @returns to be called once, when the answer has been given
   * @throws DomainError `busy`, or `too_many_requests` when the student has too many under way
   */
  begin(studentId: string | undefined): () => void {
    const own = this.underWay.of(studentId);
    if (this.underWay.total >= MOST || (studentId === undefined && own >= MOST_ANONYMOUS)) {
      throw new DomainError('busy', 'Very many are asking right now. Please try again in a moment.');
    }
    if (studentId !== undefined && own >= MOST_OF_A_STUDENT) {
      throw new DomainError('too_many_requests', 'You are asking for many things at once. Please wait for an answer.');
    }
    return this.underWay.begin(studentId);
  }
}
