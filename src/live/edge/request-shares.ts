import { DomainError } from '../../common/domain-error';

/** Requests that are worked on at once. More would only wait longer, and fill the memory; their clients ask again. */
const MOST = 5_000;
/** Of those, how many may be of nobody in particular: the others are kept for students who are signed in. */
const MOST_ANONYMOUS = 4_000;
/** Browsers open six connections to a host, and a student may have several windows. */
const MOST_OF_A_STUDENT = 16;

/** How many requests are worked on, and whose they are. Pure. */
export class RequestShares {
  private total = 0;
  private anonymous = 0;
  private readonly students = new Map<string, number>();

  /**
   * @param studentId undefined for nobody in particular
   * @returns to be called once, when the answer has been given
   * @throws DomainError `busy`, or `too_many_requests` when the student has too many under way
   */
  begin(studentId: string | undefined): () => void {
    if (this.total >= MOST || (studentId === undefined && this.anonymous >= MOST_ANONYMOUS)) {
      throw new DomainError('busy', 'Very many are asking right now. Please try again in a moment.');
    }
    const own = studentId === undefined ? 0 : (this.students.get(studentId) ?? 0);
    if (own >= MOST_OF_A_STUDENT) {
      throw new DomainError('too_many_requests', 'You are asking for many things at once. Please wait for an answer.');
    }
    this.count(studentId, 1);
    return () => this.count(studentId, -1);
  }

  private count(studentId: string | undefined, change: 1 | -1): void {
    this.total += change;
    if (studentId === undefined) {
      this.anonymous += change;
      return;
    }
    const own = (this.students.get(studentId) ?? 0) + change;
    if (own > 0) this.students.set(studentId, own);
    else this.students.delete(studentId);
  }
}
