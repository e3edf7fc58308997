import type { RoomStateMessage, SectionOutcome, WireError } from '../../src/live/events';
import type { Student } from './state';
import type { ServerClock } from './server-clock';
import { SunbeonError } from './sunbeon-error';

export interface SsoConfig {
  authorizeUrl: string;
  tokenUrl: string;
  clientId: string;
  /** Space-separated; `openid` when missing. */
  scope?: string;
}

export interface ServiceConfig {
  signIn: 'demo' | 'sso';
  /** For sign-in by the page; missing where the university's token comes another way. */
  sso?: SsoConfig;
  /** Longest wait between two tries to reconnect, ms. */
  reconnectDelayMaxMs?: number;
  serverTime: number;
}

export interface RoomView extends RoomStateMessage {
  waiting: number;
  inside: number;
}

export type Day = 'Mo' | 'Tu' | 'We' | 'Th' | 'Fr' | 'Sa' | 'Su';

export interface Meeting {
  day: Day;
  /** `HH:MM`. */
  start: string;
  end: string;
  location: string;
}

export interface Section {
  id: string;
  termId: string;
  courseId: string;
  code: string;
  section: string;
  type: string;
  title: string;
  instructors: string[];
  credits: number;
  capacity: number;
  left: number;
  version: number;
  closed: boolean;
  meetings: Meeting[];
  prerequisites: string;
  notes: string;
}

export interface SectionQuery {
  query?: string;
  department?: string;
  openOnly?: boolean;
  /** From 1. */
  page?: number;
  pageSize?: number;
}

export interface SectionPage {
  sections: Section[];
  total: number;
  page: number;
}

export interface Enrolment {
  section: Section;
  /** ms since the Unix epoch. */
  enrolledAt: number;
}

export interface SignIn {
  token: string;
  student: Student;
  expiresAt: number;
}

interface CallOptions {
  method?: 'GET' | 'POST';
  body?: object;
  headers?: Record<string, string>;
}

const REQUEST_TIMEOUT_MS = 15_000;

const path = (strings: TemplateStringsArray, ...parts: string[]): string =>
  strings.reduce((text, piece, index) => text + encodeURIComponent(parts[index - 1] ?? '') + piece);

/** The service over HTTP. Every call throws SunbeonError: the service's refusal, or `offline`. */
export class ServiceApi {
  constructor(
    private readonly url: string,
    private readonly clock: ServerClock,
    private readonly token: () => string | undefined,
  ) {}

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
      if (error instanceof SunbeonError && (error.code === 'not_signed_in' || error.code === 'sign_in_expired')) {
        return undefined;
      }
      throw error;
    }
  }

  signInDemo(studentId: string, name: string): Promise<SignIn> {
    return this.call('/api/sign-in/demo', { method: 'POST', body: { studentId, name } });
  }

  signInSso(token: string): Promise<SignIn> {
    return this.call('/api/sign-in/sso', { method: 'POST', body: { token } });
  }

  async signOut(): Promise<void> {
    await this.call('/api/sign-out', { method: 'POST' });
  }

  async rooms(): Promise<RoomView[]> {
    const sentAt = this.clock.localNow();
    const answer = await this.call<RoomView[] | { rooms: RoomView[] }>('/api/rooms');
    const rooms = Array.isArray(answer) ? answer : answer.rooms;
    const latest = rooms[0];
    if (latest) this.clock.roundTrip(sentAt, latest.serverTime);
    return rooms;
  }

  sections(termId: string, query: SectionQuery): Promise<SectionPage> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '' && value !== false);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return this.call(`${path`/api/terms/${termId}/sections`}?${search.toString()}`);
  }

  async departments(termId: string): Promise<string[]> {
    return (await this.call<{ departments: string[] }>(path`/api/terms/${termId}/departments`)).departments;
  }

  async enrolments(termId: string): Promise<Enrolment[]> {
    return (await this.call<{ enrolments: Enrolment[] }>(path`/api/terms/${termId}/enrolments`)).enrolments;
  }

  /** The way in when there is no socket. */
  async commit(termId: string, sectionIds: string[], admission: string, key: string): Promise<SectionOutcome[]> {
    const answer = await this.call<{ results: SectionOutcome[] }>(path`/api/terms/${termId}/enrolments`, {
      method: 'POST',
      body: { sectionIds },
      headers: { 'Idempotency-Key': key, 'Admission-Token': admission },
    });
    return answer.results;
  }

  private async call<T>(target: string, { method = 'GET', body, headers = {} }: CallOptions = {}): Promise<T> {
    const token = this.token();
    const response = await fetch(this.url + target, {
      method,
      credentials: 'include',
      headers: {
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    }).catch(() => {
      throw SunbeonError.local('offline', 'The service could not be reached.');
    });
    if (!response.ok) throw await refusal(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

/** The service's own error, or what the status says when something in between answered. */
async function refusal(response: Response): Promise<SunbeonError> {
  const body = (await response.json().catch(() => undefined)) as { error?: WireError } | undefined;
  if (body?.error) return SunbeonError.from(body.error);
  const retryable = response.status === 429 || response.status >= 500;
  return new SunbeonError(retryable ? 'busy' : 'internal', `The service answered ${response.status}.`, retryable);
}
