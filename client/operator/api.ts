import type { AuditPage, OperatorSession, StudentFile } from '../../src/contract/operate/console';
import type { ChangeRoom, RoomReport } from '../../src/contract/operate/rooms';
import type { SectionPage } from '../../src/contract/catalogue';
import type { OutboxPage } from '../../src/contract/mails';
import { ask as askWithoutEnd, path, type Question } from '../sdk/http';
import { asSunbeonError, type SunbeonError } from '../sdk';

/** How long an answer may take, ms. */
const ANSWER_MS = 15_000;

/** Gives up what is not answered in time; browsers before 2022 lack `AbortSignal.timeout`. */
async function ask<T>(target: string, question: Question = {}): Promise<T> {
  const call = new AbortController();
  const timer = setTimeout(() => call.abort(), ANSWER_MS);
  try {
    return await askWithoutEnd<T>(target, { ...question, signal: call.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the operator has to sign in again before anything else works. */
export const needsToken = (error: SunbeonError): boolean => error.code === 'not_operator';

/** The change of a room as it goes over the wire: times may be said as ms. */
export type RoomChange = Omit<ChangeRoom, 'opensAt'> & { opensAt?: number };

/** The operator API, with the cookie of the console. Every call throws SunbeonError: the service's refusal, or `offline`. */
export class OperatorApi {
  /** @param onSignInNeeded called when the sign-in turns out to be over */
  constructor(private readonly onSignInNeeded: () => void = () => undefined) {}

  signIn(token: string): Promise<OperatorSession> {
    return ask('/api/operator/sign-in', { method: 'POST', body: { token } });
  }

  async signOut(): Promise<void> {
    await ask('/api/operator/sign-out', { method: 'POST' });
  }

  /** Who is signed in; undefined when nobody is. Keeps the sign-in alive. */
  async me(): Promise<OperatorSession | undefined> {
    try {
      return await ask<OperatorSession>('/api/operator/me');
    } catch (error) {
      if (needsToken(asSunbeonError(error))) return undefined;
      throw error;
    }
  }

  changeRoom(roomId: string, change: RoomChange): Promise<RoomReport> {
    return this.call(path`/api/operator/rooms/${roomId}`, { method: 'PATCH', body: change });
  }

  async stopSeats(termId: string, reason: string): Promise<void> {
    await this.call(path`/api/operator/terms/${termId}/stop`, { method: 'POST', body: { reason } });
  }

  async startSeats(termId: string, note: string): Promise<void> {
    const body = note === '' ? {} : { note };
    await this.call(path`/api/operator/terms/${termId}/start`, { method: 'POST', body });
  }

  student(studentId: string): Promise<StudentFile> {
    return this.call(path`/api/operator/students/${studentId}`);
  }

  async admit(roomId: string, studentId: string, note: string): Promise<void> {
    await this.call(path`/api/operator/rooms/${roomId}/students/${studentId}/admit`, {
      method: 'POST',
      body: { note },
    });
  }

  async remove(roomId: string, studentId: string, note: string): Promise<void> {
    await this.call(path`/api/operator/rooms/${roomId}/students/${studentId}`, { method: 'DELETE', body: { note } });
  }

  async enrol(
    termId: string,
    sectionId: string,
    body: { studentId: string; note: string; exceedCreditLimit: boolean },
  ) {
    await this.call(path`/api/operator/terms/${termId}/sections/${sectionId}/enrolments`, { method: 'POST', body });
  }

  async unenrol(termId: string, sectionId: string, studentId: string, note: string): Promise<void> {
    const address = path`/api/operator/terms/${termId}/sections/${sectionId}/enrolments/${studentId}`;
    await this.call(address, { method: 'DELETE', body: { note } });
  }

  async endSignIns(studentId: string, note: string): Promise<void> {
    await this.call(path`/api/operator/students/${studentId}/sign-ins`, { method: 'DELETE', body: { note } });
  }

  sections(termId: string, query: string): Promise<SectionPage> {
    const search = new URLSearchParams({ query, pageSize: '8' });
    return this.call(`${path`/api/terms/${termId}/sections`}?${search.toString()}`);
  }

  audit(query: { before?: number; roomId?: string; studentId?: string; limit?: number }): Promise<AuditPage> {
    return this.call(`/api/operator/audit${searchOf(query)}`);
  }

  outbox(query: { state?: string; before?: number }): Promise<OutboxPage> {
    return this.call(`/api/operator/outbox${searchOf(query)}`);
  }

  async putBackMails(ids?: number[]): Promise<number> {
    const body = ids ? { ids } : {};
    return (await this.call<{ mails: number }>('/api/operator/outbox/put-back', { method: 'POST', body })).mails;
  }

  private async call<T>(target: string, question?: Question): Promise<T> {
    try {
      return await ask<T>(target, question);
    } catch (error) {
      if (needsToken(asSunbeonError(error))) this.onSignInNeeded();
      throw error;
    }
  }
}

function searchOf(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return given.length > 0 ? `?${search.toString()}` : '';
}
