import type { SectionOutcome, WireError } from '../../src/live/events';
import type { SeededRandom } from '../support/random';
import type { SeenAnswer } from './observation';

export interface CommitRequest {
  sectionIds: readonly string[];
  idempotencyKey: string;
}

/** A student commits the list in one to three requests. */
const MOST_REQUESTS = 3;

/** The wish list as it is committed: request by request, each asked until it has a final answer. */
export class Cart {
  private readonly requests: CommitRequest[] = [];
  private made = 0;

  /** @param keyPrefix of this student in this rush; the keys of the requests begin with it */
  constructor(
    wishes: readonly string[],
    random: SeededRandom,
    private readonly keyPrefix: string,
  ) {
    const count = Math.min(wishes.length, 1 + random.below(MOST_REQUESTS));
    const order = random.shuffled(wishes);
    for (let index = 0; index < count; index += 1) {
      this.add(order.filter((_, place) => place % count === index));
    }
  }

  /** What to ask next; undefined when every wish has been answered. */
  get current(): CommitRequest | undefined {
    return this.requests[0];
  }

  /** Takes the answers to the current request. Sections that may be asked for again are put in a new one. */
  settle(results: readonly SectionOutcome[]): { answers: SeenAnswer[]; again: boolean } {
    this.requests.shift();
    const again = results.filter(({ error }) => error?.retryable).map(({ sectionId }) => sectionId);
    if (again.length > 0) this.add(again);
    const answers = results
      .filter(({ error }) => !error?.retryable)
      .map(({ sectionId, outcome, error }): SeenAnswer => {
        if (outcome === 'enrolled') return { sectionId, outcome };
        return { sectionId, outcome: 'refused', code: error?.code ?? outcome };
      });
    return { answers, again: again.length > 0 };
  }

  /** The current request was refused as a whole and for good. */
  refuse({ code }: WireError): SeenAnswer[] {
    const request = this.requests.shift();
    return (request?.sectionIds ?? []).map((sectionId) => ({ sectionId, outcome: 'refused', code }));
  }

  private add(sectionIds: readonly string[]): void {
    this.made += 1;
    this.requests.push({ sectionIds, idempotencyKey: `${this.keyPrefix}-${this.made}` });
  }
}
