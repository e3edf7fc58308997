import http from 'k6/http';
import { setTimeout } from 'k6/timers';
import type { SignIn } from '../../src/contract/identity.ts';
import type { WireError } from '../../src/contract/errors.ts';
import type {
  LineAdmittedMessage,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
} from '../../src/contract/line.ts';
import { numberProblems, positionRises } from '../judge/line-promises.ts';
import { type LineNotes, Place } from '../student/place.ts';
import { measures, type Step } from './measures.ts';
import { SETTINGS } from './settings.ts';
import { Socket } from './socket.ts';

export interface Goal {
  roomId: string;
  termId: string;
  sectionIds: string[];
}

/** How to become one student: with the provider's token, or by the demo sign-in. */
export interface Credentials {
  studentId: string;
  token?: string;
}

/** Tries of one student before giving up, over all reconnects. */
const MOST_CONNECTIONS = 20;
const LONGEST_RECONNECT_DELAY_MS = 2_000;
const LONGEST_RETRY_DELAY_MS = 1_000;

/** The only one of each student. */
const TAB = { index: 0 };

/**
 * One student of the rush: signs in, joins, watches the line, is let in, takes sections, goes. k6 has sockets of its own and
 * runs no socket.io client, so this one speaks for itself; those of `load/student` are the student page's client.
 */
export class Student {
  private socket?: Socket;
  /** One browser each: the load balancer's cookie, too, is the student's own. */
  private readonly cookies = new http.CookieJar();
  private token = '';
  /** What the judge looks at in the end. */
  private readonly notes: LineNotes & { studentId: string };
  private readonly place: Place;
  private joinedAt = 0;
  private clockOffsetMs = 0;
  private connections = 0;
  private readonly done = new Set<Step>();
  private over = false;
  /** Called once, when the student is done or lost. */
  onOver?: () => void;

  constructor(
    private readonly credentials: Credentials,
    private readonly goal: Goal,
  ) {
    this.notes = { studentId: credentials.studentId, numbers: [], sights: [], presence: [], admissions: [] };
    this.place = new Place(this.notes);
  }

  async start(): Promise<void> {
    const startedAt = Date.now();
    const { studentId, token } = this.credentials;
    const body = token ? { token } : { studentId, name: studentId };
    const response = await http.asyncRequest(
      'POST',
      `${SETTINGS.url}/api/sign-in/${token ? 'sso' : 'demo'}`,
      JSON.stringify(body),
      { headers: { 'Content-Type': 'application/json' }, jar: this.cookies, tags: { name: 'sign-in' } },
    );
    if (response.status !== 200) return this.lose(`sign-in refused with ${response.status}`);
    this.token = (response.json() as unknown as SignIn).token;
    measures.took('signInMs', startedAt);
    this.reach('signed_in');
    this.connect();
  }

  /** The run is over: whoever is not done by now is lost. */
  goHome(): void {
    if (!this.over) this.lose(`not done in time; last step: ${[...this.done].pop() ?? 'none'}`);
  }

  private connect(): void {
    const startedAt = Date.now();
    this.connections += 1;
    this.socket = new Socket({
      url: SETTINGS.url,
      token: this.token,
      cookies: this.cookies,
      listeners: {
        'line:ticket': (message) => this.onTicket(message),
        'line:position': (message) => this.onPosition(message),
        'line:admitted': (message) => this.onAdmitted(message),
        'line:left': (message) => this.onLeft(message),
      },
      onConnect: () => {
        measures.took('connectMs', startedAt);
        this.reach('connected');
        this.join();
      },
      onClose: (refusal) => this.onClose(refusal),
    });
  }

  private join(): void {
    const startedAt = Date.now();
    const { ticket, sequence } = this.place;
    const resume = ticket === undefined ? {} : { ticket, seenSequence: sequence, resume: true };
    this.place.ask(TAB);
    this.socket?.emit('line:join', { roomId: this.goal.roomId, ...resume }, (answer) => {
      if (!answer.ok) return this.refused('join', answer.error, () => this.join());
      measures.took('joinMs', startedAt);
      if (this.joinedAt === 0) this.joinedAt = startedAt;
      this.reach('joined');
    });
  }

  private onTicket(message: LineTicketMessage): void {
    this.clockOffsetMs = message.room.serverTime - Date.now();
    this.place.takeTicket(TAB, message);
  }

  private onPosition(message: LinePositionMessage): void {
    measures.positionMessage();
    this.place.show(TAB, message);
  }

  /** Comes again after a reconnect; what was answered is not done twice. */
  private onAdmitted(message: LineAdmittedMessage): void {
    const { token, serverTime } = message;
    this.place.showAdmission(TAB, message);
    if (!this.done.has('admitted')) {
      measures.tookMs('admissionMs', Math.max(0, Date.now() + this.clockOffsetMs - serverTime));
      measures.took('waitMs', this.joinedAt);
    }
    this.reach('admitted');
    if (this.done.has('committed')) return this.finish();
    this.commit(token);
  }

  private commit(admission: string): void {
    const { termId, sectionIds } = this.goal;
    const startedAt = Date.now();
    const request = { termId, sectionIds, admission, idempotencyKey: `k6-${this.credentials.studentId}` };
    this.socket?.emit('enrolment:commit', request, (answer) => {
      if (!answer.ok) return this.refused('commit', answer.error, () => this.commit(admission));
      measures.took('commitMs', startedAt);
      for (const { outcome, error } of answer.results) measures.outcome(error?.code ?? outcome);
      this.reach('committed');
      this.finish();
    });
  }

  private finish(): void {
    this.socket?.emit('admission:finish', { roomId: this.goal.roomId }, (answer) => {
      if (!answer.ok) return this.refused('finish', answer.error, () => this.finish());
      this.reach('finished');
      this.end();
    });
  }

  private onLeft({ reason }: LineLeftMessage): void {
    if (reason !== 'finished') this.lose(`thrown out: ${reason}`);
  }

  private onClose(refusal?: string): void {
    if (this.over) return;
    if (this.connections >= MOST_CONNECTIONS) return this.lose(`no connection: ${refusal ?? 'closed'}`);
    measures.reconnected();
    setTimeout(() => {
      if (!this.over) this.connect();
    }, Math.random() * LONGEST_RECONNECT_DELAY_MS);
  }

  /** What may succeed later is asked again, as every client of the service must. */
  private refused(request: string, { code, retryable }: WireError, again: () => void): void {
    if (!retryable) return this.lose(`${request} refused: ${code}`);
    measures.retried(code);
    const socket = this.socket;
    setTimeout(() => {
      // A reconnect has asked again already.
      if (!this.over && this.socket === socket) again();
    }, Math.random() * LONGEST_RETRY_DELAY_MS);
  }

  private reach(step: Step): void {
    if (!this.done.has(step)) measures.reached(step);
    this.done.add(step);
  }

  private lose(reason: string): void {
    if (!this.over) measures.lost(reason);
    this.end();
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    const shown = this.notes.sights.filter(({ kind }) => kind === 'shown').length;
    measures.positionsShown(shown, positionRises([this.notes]).length);
    for (const problem of numberProblems([this.notes])) measures.wrongNumber(problem);
    this.socket?.close();
    this.onOver?.();
  }
}
