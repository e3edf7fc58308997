import type { Cart } from '../../../load/student/cart';
import { Question } from '../../../load/student/question';
import {
  type SeatAnswer as CartAnswer,
  type SeatRequest,
  type SeatsReply,
  sendRequest,
} from '../../../load/student/seat-request';
import type { Answer, Tab } from '../../../load/student/tab';
import type { WireError } from '../../../src/contract/errors';
import type { SwarmContext } from './swarm-context';
import type { SeatAnswer, StudentView } from './view';

/** The student whose seats they are. */
export interface SeatOwner {
  readonly state: string;
  readonly tabs: readonly Tab[];
  readonly view: StudentView;
  readonly admission?: string;
  onRefused(event: string, error: WireError): void;
  /** The time inside is over, as it should be. */
  end(): void;
  lose(reason: string): void;
}

/** Between two requests of one student, ms: somebody is asking for seats at any moment. */
const PAUSE_MS = { least: 50, most: 500 };

/** What a student does inside: commits the cart, drops some of it again, finishes; each asked until it is answered. */
export class Seats {
  private readonly question: Question;
  private resting = false;

  constructor(
    private readonly student: SeatOwner,
    private readonly cart: Cart,
    private readonly context: SwarmContext,
  ) {
    this.question = new Question(context);
  }

  get isAsking(): boolean {
    return this.question.key !== undefined && this.question.key !== 'finish';
  }

  /** There is only finishing left. */
  get isDone(): boolean {
    return this.student.state === 'inside' && this.cart.current === undefined;
  }

  /** Asks for what comes next, on any tab that can. */
  proceed(): void {
    if (this.student.state !== 'inside' || this.question.key !== undefined || this.resting) return;
    for (const tab of this.student.tabs) {
      if (this.askNext(tab)) return;
    }
  }

  checkPatience(now: number): void {
    this.question.forgetLate(now);
    this.proceed();
  }

  onDown(tab: Tab): void {
    if (this.question.forgetOn(tab)) this.proceed();
  }

  private askNext(tab: Tab): boolean {
    const { current } = this.cart;
    return current ? this.askSeats(tab, current) : this.finish(tab);
  }

  private askSeats(tab: Tab, request: SeatRequest): boolean {
    const { admission } = this.student;
    if (admission === undefined) return false;
    const { termId } = this.context;
    return this.question.ask<SeatsReply>(
      request.idempotencyKey,
      tab,
      (onAnswer) => sendRequest(tab, request, { termId, admission }, onAnswer),
      (reply, askedAt) => {
        this.noteWait(askedAt);
        this.take(`enrolment:${request.question}`, reply);
      },
    );
  }

  private take(event: string, reply: SeatsReply): void {
    const { seats } = this.student.view;
    const keep = (answers: CartAnswer[]): unknown => seats.push(...answers.map(seatAnswer));
    if (!reply.ok) return this.takeRefusal(event, reply.error, () => keep(this.cart.refuse(reply.error)));
    const open = reply.results.flatMap(({ error }) => (error?.retryable ? [error] : []));
    for (const error of open) this.student.onRefused(event, error);
    keep(this.cart.settle(reply.results).answers);
    this.later(open.length > 0 ? this.context.pace.retryMs : PAUSE_MS);
  }

  private finish(tab: Tab): boolean {
    const { roomId } = this.context;
    return this.question.ask<Answer<'admission:finish'>>(
      'finish',
      tab,
      (onAnswer) => tab.ask('admission:finish', { roomId }, onAnswer),
      (reply, askedAt) => {
        this.noteWait(askedAt);
        if (reply.ok) this.student.end();
        else this.takeRefusal('admission:finish', reply.error, () => this.student.lose(reply.error.code));
      },
    );
  }

  private takeRefusal(event: string, error: WireError, giveUp: () => unknown): void {
    this.student.onRefused(event, error);
    if (error.retryable) return this.later(this.context.pace.retryMs);
    giveUp();
    this.later(PAUSE_MS);
  }

  private noteWait(askedAt: number): void {
    this.student.view.waits.push(this.context.now() - askedAt);
  }

  private later({ least, most }: { least: number; most: number }): void {
    const { agenda, random } = this.context;
    this.resting = true;
    agenda.in(random.between(least, most), () => {
      this.resting = false;
      this.proceed();
    });
  }
}

function seatAnswer({ question, sectionId, outcome, code }: CartAnswer): SeatAnswer {
  const asked = question === 'commit' ? 'commit' : 'drop';
  const isDone = outcome === (asked === 'commit' ? 'enrolled' : 'dropped');
  return isDone ? { sectionId, asked, outcome } : { sectionId, asked, outcome: 'refused', code: code ?? outcome };
}
