import type { SectionOutcome } from '../../src/contract/seats';
import type { SeatCall, ServiceApi } from './api';
import { path } from './http';
import type { ServiceConnection } from './connection';
import { newIdempotencyKey, type Tries } from './retry';
import type { Answer, Ask, Question } from './socket';
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
  /** How often one request is tried. */
  attempts: number;
  tries: Tries;
}

/**
 * Requests for seats, each answered section by section. It is sent under one idempotency key until it is answered, over the
 * socket, or over HTTP while there is none, so it happens once however often it was sent.
 */
export class SeatRequests {
  constructor(private readonly parts: SeatRequestsParts) {}

  commit(termId: string, sectionIds: string[]): Promise<SectionOutcome[]> {
    const admission = this.needAdmission();
    const call: SeatCall = { method: 'POST', target: 'enrolments', body: { sectionIds }, admission };
    return this.send('enrolment:commit', { termId, sectionIds, admission }, call);
  }

  drop(termId: string, sectionId: string): Promise<SectionOutcome[]> {
    const call: SeatCall = { method: 'DELETE', target: path`enrolments/${sectionId}` };
    return this.send('enrolment:drop', { termId, sectionId }, call);
  }

  swap(termId: string, dropSectionId: string, takeSectionId: string): Promise<SectionOutcome[]> {
    const admission = this.needAdmission();
    const sections = { dropSectionId, takeSectionId };
    const call: SeatCall = { method: 'POST', target: 'enrolments/swap', body: sections, admission };
    return this.send('enrolment:swap', { termId, ...sections, admission }, call);
  }

  joinWaitlist(termId: string, sectionId: string): Promise<SectionOutcome[]> {
    const admission = this.needAdmission();
    const call: SeatCall = { method: 'POST', target: path`waitlists/${sectionId}`, admission };
    return this.send('waitlist:join', { termId, sectionId, admission }, call);
  }

  leaveWaitlist(termId: string, sectionId: string): Promise<SectionOutcome[]> {
    const call: SeatCall = { method: 'DELETE', target: path`waitlists/${sectionId}` };
    return this.send('waitlist:leave', { termId, sectionId }, call);
  }

  acceptOffer(termId: string, sectionId: string): Promise<SectionOutcome[]> {
    const call: SeatCall = { method: 'POST', target: path`waitlists/${sectionId}/accept` };
    return this.send('waitlist:accept', { termId, sectionId }, call);
  }

  private async send<E extends SeatAsk>(
    event: E,
    question: Omit<Question<E>, 'idempotencyKey'> & { termId: string },
    call: SeatCall,
  ): Promise<SectionOutcome[]> {
    const { connection, api, onAnswer, attempts, tries } = this.parts;
    const idempotencyKey = newIdempotencyKey();
    const attempt = async (): Promise<SectionOutcome[]> => {
      if (!connection.isUp) return api.seats(question.termId, call, idempotencyKey);
      const answer: Answer<SeatAsk> = await connection.ask(event, { ...question, idempotencyKey } as Question<E>);
      return answer.results;
    };
    const results = await tries.again(attempt, { attempts });
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
export function granted(outcomes: SectionOutcome[]): SectionOutcome[] {
  const refused = outcomes.find(({ error }) => error);
  if (refused?.error) throw SunbeonError.from(refused.error);
  return outcomes;
}
