import type { SectionOutcome } from '../../src/contract/seats';
import { path, type SeatCall, type ServiceApi } from './api';
import type { Answer, Ask, Question, ServiceConnection } from './connection';
import { newIdempotencyKey, retrying } from './retry';
import { SunbeonError } from './sunbeon-error';

/** What is asked of the ledger; each answers per section. */
type SeatAsk = Extract<Ask, `enrolment:${string}` | `waitlist:${string}`>;

export interface SeatRequestsParts {
  connection: ServiceConnection;
  api: ServiceApi;
  /** The token of the admission that runs. */
  admission: () => string | undefined;
  /** Something was asked and answered. */
  onAnswer: () => void;
}

/** Attempts of one request; with the pauses between them about a minute. */
const ATTEMPTS = 10;

/**
 * Requests for seats: each is sent under one idempotency key until it is answered, over the socket, or over HTTP while
 * there is none, so it happens once however often it was sent.
 */
export class SeatRequests {
  constructor(private readonly parts: SeatRequestsParts) {}

  commit(termId: string, sectionIds: string[]): Promise<SectionOutcome[]> {
    const admission = this.needAdmission();
    const call: SeatCall = { method: 'POST', target: 'enrolments', body: { sectionIds }, admission };
    return this.send('enrolment:commit', { termId, sectionIds, admission }, call);
  }

  async drop(termId: string, sectionId: string): Promise<void> {
    const call: SeatCall = { method: 'DELETE', target: path`enrolments/${sectionId}` };
    granted(await this.send('enrolment:drop', { termId, sectionId }, call));
  }

  async swap(termId: string, dropSectionId: string, takeSectionId: string): Promise<void> {
    const admission = this.needAdmission();
    const sections = { dropSectionId, takeSectionId };
    const call: SeatCall = { method: 'POST', target: 'enrolments/swap', body: sections, admission };
    granted(await this.send('enrolment:swap', { termId, ...sections, admission }, call));
  }

  /** Resolves to the position: 1 = next. */
  async joinWaitlist(termId: string, sectionId: string): Promise<number> {
    const admission = this.needAdmission();
    const call: SeatCall = { method: 'POST', target: path`waitlists/${sectionId}`, admission };
    const [outcome] = granted(await this.send('waitlist:join', { termId, sectionId, admission }, call));
    return outcome?.position ?? 1;
  }

  async leaveWaitlist(termId: string, sectionId: string): Promise<void> {
    const call: SeatCall = { method: 'DELETE', target: path`waitlists/${sectionId}` };
    granted(await this.send('waitlist:leave', { termId, sectionId }, call));
  }

  async acceptOffer(termId: string, sectionId: string): Promise<void> {
    const call: SeatCall = { method: 'POST', target: path`waitlists/${sectionId}/accept` };
    granted(await this.send('waitlist:accept', { termId, sectionId }, call));
  }

  private async send<E extends SeatAsk>(
    event: E,
    question: Omit<Question<E>, 'idempotencyKey'> & { termId: string },
    call: SeatCall,
  ): Promise<SectionOutcome[]> {
    const { connection, api, onAnswer } = this.parts;
    const idempotencyKey = newIdempotencyKey();
    const attempt = async (): Promise<SectionOutcome[]> => {
      if (!connection.isUp) return api.seats(question.termId, call, idempotencyKey);
      const answer: Answer<SeatAsk> = await connection.ask(event, { ...question, idempotencyKey } as Question<E>);
      return answer.results;
    };
    const results = await retrying(attempt, { attempts: ATTEMPTS });
    onAnswer();
    return results;
  }

  private needAdmission(): string {
    const admission = this.parts.admission();
    if (admission) return admission;
    throw new SunbeonError('admission_required', 'Seats are given only to those inside.', false);
  }
}

/** The outcomes when none of them is a refusal. @throws SunbeonError the first refusal */
function granted(outcomes: SectionOutcome[]): SectionOutcome[] {
  const refused = outcomes.find(({ error }) => error);
  if (refused?.error) throw SunbeonError.from(refused.error);
  return outcomes;
}
