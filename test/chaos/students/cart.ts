import type { SectionOutcome } from '../../../src/live/events';
import type { SeededRandom } from '../../../load/support/random';
import type { SeatAnswer } from './view';

export interface SeatRequest {
  asked: SeatAnswer['asked'];
  /** One, but for a commit. */
  sectionIds: readonly string[];
  idempotencyKey: string;
}

/** A student commits the wishes in one to three requests. */
const MOST_REQUESTS = 3;

/** The wishes, request by request, and then what is given back of them; each asked until it has a final answer. */
export class Cart {
  private readonly requests: SeatRequest[] = [];
  private made = 0;

  /**
   * @param drops wishes that are given back again, if they were granted
   * @param keyPrefix of this student in this round; the keys of the requests begin with it
   */
  constructor(
    wishes: readonly string[],
    private readonly drops: readonly string[],
    random: SeededRandom,
    private readonly keyPrefix: string,
  ) {
    const count = Math.min(wishes.length, 1 + random.below(MOST_REQUESTS));
    const order = random.shuffled(wishes);
    for (let index = 0; index < count; index += 1) {
      const sectionIds = order.filter((_, place) => place % count === index);
      this.add('commit', sectionIds);
    }
  }

  /** What to ask next; undefined when everything has been answered. */
  get current(): SeatRequest | undefined {
    return this.requests[0];
  }

  /** Takes the answers to the current request. What may be asked for again is put in a new one. */
  settle(results: readonly SectionOutcome[]): SeatAnswer[] {
    const request = this.requests.shift();
    if (!request) return [];
    const { asked } = request;
    const again = results.filter(({ error }) => error?.retryable).map(({ sectionId }) => sectionId);
    if (again.length > 0) this.add(asked, again);
    return results
      .filter(({ error }) => !error?.retryable)
      .map(({ sectionId, outcome, error }) => {
        const isDone = outcome === (asked === 'commit' ? 'enrolled' : 'dropped');
        if (isDone && asked === 'commit' && this.drops.includes(sectionId)) this.add('drop', [sectionId]);
        return isDone
          ? { sectionId, asked, outcome: outcome === 'enrolled' ? 'enrolled' : 'dropped' }
          : { sectionId, asked, outcome: 'refused', code: error?.code ?? outcome };
      });
  }

  /** The current request was refused as a whole and for good. */
  refuse(code: string): SeatAnswer[] {
    const request = this.requests.shift();
    if (!request) return [];
    const { asked, sectionIds } = request;
    return sectionIds.map((sectionId) => ({ sectionId, asked, outcome: 'refused', code }));
  }

  private add(asked: SeatRequest['asked'], sectionIds: readonly string[]): void {
    this.made += 1;
    this.requests.push({ asked, sectionIds, idempotencyKey: `${this.keyPrefix}-${this.made}` });
  }
}
