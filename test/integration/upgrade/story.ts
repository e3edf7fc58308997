import type { Issuer } from '../../../load/issuer/issuer';
import { OperatorClient } from '../../support/operator';
import { SHORT_GRACE_SECONDS, SHORT_TIMES } from '../../support/short-times';
import { StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

/** What happened before the upgrade. The dumps hold its end; the test knows by these names what must be there. */
export const TERM = 'autumn';
export const ROOM = 'autumn-line';
const AUDIENCE = 'sunbeon';
const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';

export const INSIDE = ['ann', 'bo', 'cy', 'di'] as const;
/** In their order. */
export const WAITING = ['eve', 'fay', 'gus'] as const;

/** `SECTION STUDENT`. */
export const ENROLLED = ['duo bo', 'solo ann', 'wide gus', 'wide hal'];
/** `SECTION POSITION STUDENT STATE`, of those that are open. */
export const ON_WAITLISTS = ['duo - cy offered', 'solo 1 bo waiting', 'solo 2 cy waiting'];
export const CART_OF_DI = ['solo', 'wide'];
/** To whom: a mail for each request of theirs that changed something, and one for the offer. */
export const QUEUED_MAILS = ['ann', 'ann', 'bo', 'bo', 'bo', 'cy', 'cy', 'cy', 'gus', 'hal'];

/** What a student took home from the line before the upgrade. */
export interface Place {
  number: number;
  /** The signed ticket. */
  ticket: string;
}

export type Places = Record<string, Place>;

/** The pods before and after; the keys are of no use anywhere else. */
export const environment = (issuer: Issuer, smtpUrl: string): Record<string, string> => ({
  ...SHORT_TIMES,
  SIGNING_KEYS: `upgrade:${Buffer.alloc(32, 'for the upgrade test').toString('base64')}`,
  OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`,
  AUTH_JWKS_URL: issuer.jwksUrl,
  AUTH_ISSUER: issuer.url,
  AUTH_AUDIENCE: AUDIENCE,
  SMTP_URL: smtpUrl,
});

/** A service that people of the story use. */
export class Campus {
  readonly operator: OperatorClient;
  private readonly tabs: StudentTab[] = [];

  constructor(
    readonly url: string,
    private readonly issuer: Issuer,
  ) {
    this.operator = new OperatorClient(url, OPERATOR_TOKEN);
  }

  async signIn(studentId: string): Promise<string> {
    const claims = { sub: studentId, name: `Student ${studentId}`, email: `${studentId}@students.test` };
    const token = await this.issuer.key.sign(claims, { issuer: this.issuer.url, audience: AUDIENCE });
    const answer = await this.ask<{ token: string }>('POST', '/api/sign-in/sso', { body: { token } });
    return answer.token;
  }

  /** A tab that stays open until `leave`. */
  async tab(studentId: string): Promise<StudentTab> {
    const tab = new StudentTab(this.url, await this.signIn(studentId));
    this.tabs.push(tab);
    await tab.connected();
    return tab;
  }

  leave(): void {
    for (const tab of this.tabs.splice(0)) tab.close();
  }

  /** Calls the students' API of the term. */
  async term<T>(studentId: string, method: string, path: string, { body, headers }: Asked = {}): Promise<T> {
    const signedIn = { authorization: `Bearer ${await this.signIn(studentId)}`, ...headers };
    return this.ask<T>(method, `/api/terms/${TERM}${path}`, { body, headers: signedIn });
  }

  /** The rows of one of the operators' lists, each by the names of its columns. */
  async list(name: 'enrolments' | 'waitlists'): Promise<Record<string, string>[]> {
    const response = await fetch(`${this.url}/api/operator/terms/${TERM}/${name}.csv`, {
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
    });
    const [names = [], ...rows] = (await response.text())
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
    return rows.map((row) => Object.fromEntries(row.map((cell, index) => [names[index] ?? '', cell])));
  }

  async importCatalogue(csv: string): Promise<void> {
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'text/csv' };
    const response = await fetch(`${this.url}/api/operator/terms/${TERM}/import?name=Autumn`, {
      method: 'POST',
      headers,
      body: csv,
    });
    if (!response.ok) throw new Error(`import: ${response.status} ${await response.text()}`);
  }

  private async ask<T>(method: string, path: string, { body, headers }: Asked): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}

interface Asked {
  body?: unknown;
  headers?: Record<string, string>;
}

interface Results {
  results: { sectionId: string; outcome: string }[];
}

const CATALOGUE = `clbid,department,number,section,type,name,title,credits,max,offerings
solo,ART,101,A,Research,Ink,Ink,1.0,1,"{'day': 'Mo', 'end': '09:55', 'location': 'A 1', 'start': '09:00'}"
duo,BIO,110,A,Research,Cells,Cells,1.0,2,"{'day': 'Tu', 'end': '09:55', 'location': 'B 2', 'start': '09:00'}"
wide,CHE,120,B,Research,Salts,Salts,0.5,10,
`;

/** Lives the whole story at a service that has just started, and ends with everybody still connected. */
export async function live(campus: Campus): Promise<Places> {
  await campus.importCatalogue(CATALOGUE);
  await campus.operator.call('PATCH', `/terms/${TERM}/policy`, { offerSeconds: 1_209_600, classYearLimits: false });
  await campus.operator.call('PATCH', `/terms/${TERM}/sections/duo`, { waitlist: 'offer' });
  const { operator } = campus;
  await operator.call('POST', '/rooms', {
    ...{ id: ROOM, termId: TERM, name: 'Autumn', opensAt: Date.now(), ratePerSecond: 100, capacity: INSIDE.length },
    ...{ leaseSeconds: 86_400, graceSeconds: SHORT_GRACE_SECONDS },
  });
  const places: Places = {};
  const admissions = new Map<string, string>();
  for (const studentId of [...INSIDE, ...WAITING]) {
    const tab = await campus.tab(studentId);
    const join = (): Promise<{ number: number; ticket: string }> => tab.join(ROOM);
    const { number, ticket } = await waitFor(join, { what: 'the room' });
    places[studentId] = { number, ticket };
    if ((INSIDE as readonly string[]).includes(studentId)) {
      admissions.set(studentId, (await tab.admitted()).token);
    }
  }
  await takeSeats(campus, (studentId) => admissions.get(studentId) ?? '');
  return places;
}

async function takeSeats(campus: Campus, admissionOf: (studentId: string) => string): Promise<void> {
  const inside = (studentId: string) => ({
    'admission-token': admissionOf(studentId),
    'idempotency-key': `${studentId}-${(made += 1)}`,
  });
  let made = 0;
  const commit = async (studentId: string, sectionIds: string[]): Promise<void> => {
    const request = { body: { sectionIds }, headers: inside(studentId) };
    settled(await campus.term(studentId, 'POST', '/enrolments', request), 'enrolled');
  };
  const wait = async (studentId: string, sectionId: string): Promise<void> => {
    const path = `/waitlists/${sectionId}`;
    settled(await campus.term(studentId, 'POST', path, { body: {}, headers: inside(studentId) }), 'waitlisted');
  };
  const drop = async (studentId: string, sectionId: string): Promise<void> => {
    const headers = inside(studentId);
    settled(await campus.term(studentId, 'DELETE', `/enrolments/${sectionId}`, { headers }), 'dropped');
  };
  await commit('ann', ['solo', 'duo']);
  await commit('bo', ['duo', 'wide']);
  await wait('bo', 'solo');
  await wait('cy', 'solo');
  await wait('cy', 'duo');
  await drop('bo', 'wide');
  await drop('ann', 'duo');
  const offered = async (): Promise<boolean> => {
    const rows = await campus.list('waitlists');
    return rows.some(({ student_id, state }) => student_id === 'cy' && state === 'offered');
  };
  await waitFor(offered, { what: 'the offer' });
  await campus.term('di', 'PUT', '/cart', { body: { version: 0, sectionIds: CART_OF_DI } });
  for (const studentId of ['gus', 'hal']) {
    await campus.signIn(studentId);
    await campus.operator.call('POST', `/terms/${TERM}/sections/wide/enrolments`, { studentId, note: 'by hand' });
  }
}

function settled({ results }: Results, outcome: string): void {
  const wrong = results.filter((result) => result.outcome !== outcome);
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
}
