import type { WireError } from '../../src/contract/errors';
import type { SectionOutcome } from '../../src/contract/seats';
import type { SeededRandom } from '../support/random';
import type { SeatAnswer, SeatQuestion, SeatRequest } from './seat-request';

/** What a student makes of the answers to the wish list. Decided beforehand; what comes of it depends on the answers. */
export interface StudentChanges {
  /** Joins the waitlist of what was full. */
  waits: boolean;
  /** Sections of the list that are not wanted after all: the seat is given back, or the waitlist left. */
  givesUp: ReadonlySet<string>;
  /** Gives up at home, after having finished. */
  givesUpLate: boolean;
  /** Sections of the list whose seat is swapped, and for what. */
  swaps: ReadonlyMap<string, string>;
}

/** Who takes the list as it is answered, and asks for nothing more. */
export const NO_CHANGES: StudentChanges = { waits: false, givesUp: new Set(), givesUpLate: false, swaps: new Map() };

/** A student commits the list in one to three requests. */
const MOST_REQUESTS = 3;

/** The wish list, and what is made of its answers: request by request, each asked until it has a final answer. */
export class Cart {
  private readonly requests: SeatRequest[] = [];
  /** Asked only from home. */
  private readonly postponed: SeatRequest[] = [];
  private isAtHome = false;

  constructor(
    wishes: readonly string[],
    random: SeededRandom,
    private readonly changes: StudentChanges = NO_CHANGES,
  ) {
    const count = Math.min(wishes.length, 1 + random.below(MOST_REQUESTS));
    const order = random.shuffled(wishes);
    for (let index = 0; index < count; index += 1) {
      const sectionIds = order.filter((_, place) => place % count === index);
      this.add('commit', sectionIds);
    }
  }

  /** What to ask next; undefined when everything has been answered, or waits until the student is at home. */
  get current(): SeatRequest | undefined {
    return this.requests[0];
  }

  /** The student has finished inside; what needs no admission can still be asked. */
  goHome(): void {
    this.isAtHome = true;
    this.requests.push(...this.postponed.splice(0));
  }

  /** Takes the answers to the current request. What may be asked for again is put in a new one. */
  settle(results: readonly SectionOutcome[]): { answers: SeatAnswer[]; again: boolean } {
    const request = this.requests.shift();
    if (!request) return { answers: [], again: false };
    const again = this.askAgain(request, results);
    const final = results.filter(({ sectionId }) => !again.includes(sectionId));
    const answers = final.map((result) => answerOf(request, result));
    for (const answer of answers) {
      const next = nextQuestion(answer, this.changes);
      if (next) this.add(next.question, next.sectionIds);
    }
    return { answers, again: again.length > 0 };
  }

  /** The current request was refused as a whole and for good. */
  refuse({ code }: WireError): SeatAnswer[] {
    const request = this.requests.shift();
    if (!request) return [];
    return request.sectionIds.map((sectionId) => ({ ...about(request, sectionId), outcome: 'refused', code }));
  }

  /** @returns the sections that are asked for again */
  private askAgain({ question, sectionIds }: SeatRequest, results: readonly SectionOutcome[]): readonly string[] {
    const open = results.filter(({ error }) => error?.retryable).map(({ sectionId }) => sectionId);
    if (open.length === 0) return [];
    const again = question === 'commit' ? open : sectionIds;
    this.add(question, again);
    return again;
  }

  private add(question: SeatQuestion, sectionIds: readonly string[]): void {
    const isLate = this.changes.givesUpLate && !this.isAtHome && (question === 'drop' || question === 'leave');
    const queue = isLate ? this.postponed : this.requests;
    queue.push({ question, sectionIds });
  }
}

function answerOf(request: SeatRequest, { sectionId, outcome, position, error }: SectionOutcome): SeatAnswer {
  const answer = about(request, sectionId);
  if (outcome === 'refused' || outcome === 'changed') {
    return { ...answer, outcome: 'refused', code: error?.code ?? outcome };
  }
  return position === undefined ? { ...answer, outcome } : { ...answer, outcome, position };
}

function about({ question, sectionIds }: SeatRequest, sectionId: string): Pick<SeatAnswer, 'question' | 'sectionId'> {
  if (question !== 'swap') return { question, sectionId };
  const other = sectionIds.find((id) => id !== sectionId);
  return { question, sectionId, ...(other !== undefined && { other }) };
}

/** What an answer leads to; undefined = nothing more about this section. */
function nextQuestion(
  { question, sectionId, outcome, code }: SeatAnswer,
  { waits, givesUp, swaps }: StudentChanges,
): { question: SeatQuestion; sectionIds: string[] } | undefined {
  const about = (next: SeatQuestion): { question: SeatQuestion; sectionIds: string[] } => {
    return { question: next, sectionIds: [sectionId] };
  };
  const swappedFor = swaps.get(sectionId);
  if (question === 'commit' && outcome === 'enrolled') {
    if (givesUp.has(sectionId)) return about('drop');
    return swappedFor === undefined ? undefined : { question: 'swap', sectionIds: [sectionId, swappedFor] };
  }
  if (question === 'commit' && code === 'section_full' && waits) return about('join');
  if (question === 'join' && outcome === 'waitlisted' && givesUp.has(sectionId)) return about('leave');
  // A seat came free between the two questions.
  if (question === 'join' && code === 'waitlist_not_needed') return about('commit');
  // The seat came before the student had left.
  if (question === 'leave' && code === 'not_waitlisted') return about('drop');
  return undefined;
}
