import type { SearchChoices, Section, SectionPage, SectionQuery, StudentWindow } from '../../src/contract/catalogue';
import type { CartView, Enrolment, Waitlist } from '../../src/contract/enrolments';
import type {
  AuthorizationCode,
  ExchangedTokens,
  MailLanguage,
  ServiceConfig,
  SignIn,
} from '../../src/contract/identity';
import type { Mail } from '../../src/contract/mails';
import type { RoomView } from '../../src/contract/rooms';
import type { SectionOutcome } from '../../src/contract/seats';
import { ask, path, type Question } from './http';
import { PAGE_PACE } from './pace';
import type { ServerClock } from './server-clock';
import type { Student } from './state';
import { asSunbeonError, needsSignIn, type SunbeonError } from './sunbeon-error';

/** The university's token, and what the page had asked to find in it. */
export interface SsoToken {
  token: string;
  nonce?: string;
}

/** A request for seats as HTTP: how and where, below `/api/terms/<term>/`. */
export interface SeatCall {
  method: 'POST' | 'DELETE';
  target: string;
  body?: object;
  /** The admission token, where one is needed. */
  admission?: string;
}

/** The service over HTTP. Every call throws SunbeonError: the service's refusal, or `offline`. */
export class ServiceApi {
  /** What is under way. */
  private readonly calls = new Set<AbortController>();

  constructor(
    private readonly url: string,
    private readonly clock: ServerClock,
    private readonly token: () => string | undefined,
    /** The sign-in with which something was asked is over. */
    private readonly onSignInNeeded: () => void = () => undefined,
    private readonly answerMs = PAGE_PACE.httpAnswerMs,
  ) {}

  /** Nobody waits for the answers any more. */
  end(): void {
    for (const call of this.calls) call.abort();
  }

  async config(): Promise<ServiceConfig> {
    const sentAt = this.clock.localNow();
    const config = await this.call<ServiceConfig>('/api/config');
    this.clock.roundTrip(sentAt, config.serverTime);
    return config;
  }

  /** When a socket that was refused should come back, ms from now; 0 = at once. */
  async retryInMs(): Promise<number> {
    return (await this.call<{ retryInMs: number }>('/api/door')).retryInMs;
  }

  /** Who is signed in; undefined when nobody is. */
  async me(): Promise<Student | undefined> {
    try {
      return (await this.call<{ student: Student }>('/api/me')).student;
    } catch (error) {
      if (needsSignIn(asSunbeonError(error))) return undefined;
      throw error;
    }
  }

  signInDemo(studentId: string, name: string, language?: MailLanguage): Promise<SignIn> {
    return this.call('/api/sign-in/demo', { method: 'POST', body: { studentId, name, language } });
  }

  signInSso({ token, nonce }: SsoToken, language?: MailLanguage): Promise<SignIn> {
    return this.call('/api/sign-in/sso', { method: 'POST', body: { token, nonce, language } });
  }

  /** Has the service exchange the university's code for its token. */
  exchange(code: AuthorizationCode): Promise<ExchangedTokens> {
    return this.call('/api/sign-in/exchange', { method: 'POST', body: code });
  }

  async signOut(): Promise<void> {
    await this.call('/api/sign-out', { method: 'POST' });
  }

  async signOutEverywhere(): Promise<void> {
    await this.call('/api/sign-out/everywhere', { method: 'POST' });
  }

  async rooms(): Promise<RoomView[]> {
    const sentAt = this.clock.localNow();
    const rooms = await this.call<RoomView[]>('/api/rooms');
    const [first] = rooms;
    if (first) this.clock.roundTrip(sentAt, first.serverTime);
    return rooms;
  }

  /** The rooms in which the student has a place, on whichever device it was taken. */
  async places(): Promise<string[]> {
    return (await this.call<{ places: { roomId: string }[] }>('/api/places')).places.map(({ roomId }) => roomId);
  }

  /** @param signal gives the search up, for one that nobody waits for any more */
  sections(termId: string, query: SectionQuery, signal?: AbortSignal): Promise<SectionPage> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === '' || value === false) continue;
      for (const one of [value].flat()) search.append(name, String(one));
    }
    return this.call(`${path`/api/terms/${termId}/sections`}?${search.toString()}`, { signal });
  }

  /** What a search can be narrowed to: departments, and numbers of credits where the service says them. */
  choices(termId: string): Promise<SearchChoices> {
    return this.call(path`/api/terms/${termId}/departments`);
  }

  section(termId: string, sectionId: string): Promise<Section> {
    return this.call(path`/api/terms/${termId}/sections/${sectionId}`);
  }

  window(termId: string): Promise<StudentWindow> {
    return this.call(path`/api/terms/${termId}/window`);
  }

  async enrolments(termId: string): Promise<Enrolment[]> {
    return (await this.call<{ enrolments: Enrolment[] }>(path`/api/terms/${termId}/enrolments`)).enrolments;
  }

  /** In the order in which they were joined. */
  async waitlists(termId: string): Promise<Waitlist[]> {
    return (await this.call<{ waitlists: Waitlist[] }>(path`/api/terms/${termId}/waitlists`)).waitlists;
  }

  /** The latest mails to the student, newest first, also those that could not be sent. */
  async mails(): Promise<Mail[]> {
    return (await this.call<{ mails: Mail[] }>('/api/outbox')).mails;
  }

  cart(termId: string): Promise<CartView> {
    return this.call(path`/api/terms/${termId}/cart`);
  }

  /** Replaces the cart of the version that was seen. @throws SunbeonError `conflict` when it was changed since */
  replaceCart(termId: string, seen: Pick<CartView, 'version' | 'sectionIds'>): Promise<CartView> {
    return this.call(path`/api/terms/${termId}/cart`, { method: 'PUT', body: seen });
  }

  /** Asks for seats, or gives them back, when there is no socket. */
  async seats(termId: string, { method, target, body, admission }: SeatCall, key: string): Promise<SectionOutcome[]> {
    const headers = { 'Idempotency-Key': key, ...(admission ? { 'Admission-Token': admission } : {}) };
    const address = `${path`/api/terms/${termId}/`}${target}`;
    return (await this.call<{ results: SectionOutcome[] }>(address, { method, body, headers })).results;
  }

  private async call<T>(target: string, question: Question = {}): Promise<T> {
    const { signal, answered } = this.patience(question.signal);
    const token = this.token();
    const authorization: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    const headers = { ...authorization, ...question.headers };
    try {
      return await ask<T>(this.url + target, { ...question, headers, signal });
    } catch (error) {
      throw this.noted(asSunbeonError(error), token);
    } finally {
      answered();
    }
  }

  /**
   * Gives a request up that is not answered in time, or that nobody waits for any more; browsers before 2022 lack
   * `AbortSignal.timeout`.
   */
  private patience(unwanted?: AbortSignal): { signal: AbortSignal; answered: () => void } {
    const call = new AbortController();
    const giveUp = () => call.abort();
    const timer = setTimeout(giveUp, this.answerMs);
    this.calls.add(call);
    if (unwanted?.aborted) giveUp();
    unwanted?.addEventListener('abort', giveUp);
    const answered = () => {
      clearTimeout(timer);
      this.calls.delete(call);
      unwanted?.removeEventListener('abort', giveUp);
    };
    return { signal: call.signal, answered };
  }

  /** An answer that comes late says nothing of a newer sign-in. */
  private noted(error: SunbeonError, token: string | undefined): SunbeonError {
    if (needsSignIn(error) && token === this.token()) this.onSignInNeeded();
    return error;
  }
}
