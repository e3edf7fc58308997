import type { WireError } from '../../src/contract/errors';
import type { Cart } from './cart';
import { Question } from './question';
import type { StudentRecord, Wait } from './record';
import { SEAT_EVENTS, type SeatQuestion, type SeatRequest, type SeatsReply, sendRequest } from './seat-request';
import type { Span, SwarmContext } from './swarm-context';
import type { Answer, Tab } from './tab';

/** Nobody thinks for less than this share of the longest time. */
const LEAST_THINKING = 0.1;
/** At home, after having finished, a student thinks so many times as long. */
const LATE_THINKING = 3;

export interface InsideEvents {
  /** Nothing is left to ask inside, and the service has said goodbye. */
  onFinished: () => void;
  /** Nothing is left to ask at home either. */
  onDone: () => void;
  /** Something was refused; what may be tried again is. */
  onRefused: (event: string, error: WireError) => void;
  /** A request about seats was just sent, of so many so far. */
  onAsked: (tab: Tab, requests: number) => void;
}

/** What a student who was let in asks for: one question after another, each until it is answered for good. */
export class Inside {
  private readonly question: Question;
  /** The admission token. */
  admission?: string;
  private requests = 0;
  /** The request that is being thought about, and whether that is over. */
  private thought = { key: '', over: false };
  private isResting = false;
  private isAtHome = false;

  constructor(
    private readonly cart: Cart,
    private readonly tabs: readonly Tab[],
    private readonly record: StudentRecord,
    private readonly context: SwarmContext,
    private readonly events: InsideEvents,
  ) {
    this.question = new Question(context);
  }

  enter(admission: string): void {
    this.admission = admission;
    this.proceed();
  }

  /** A question about seats has no answer yet. */
  get isAsking(): boolean {
    return this.question.key !== undefined && this.question.key !== 'finish';
  }

  /** Everything has been answered: there is only finishing left. */
  get isDone(): boolean {
    return this.admission !== undefined && this.cart.current === undefined;
  }

  /** There is no admission any more; seats can still be given back. */
  goHome(): void {
    this.isAtHome = true;
    this.question.forget();
    this.cart.goHome();
    this.proceed();
  }

  /** What was not answered for too long is asked again. */
  checkPatience(now: number): void {
    this.question.forgetLate(now);
    this.proceed();
  }

  onDown(tab: Tab): void {
    if (this.question.forgetOn(tab)) this.proceed();
  }

  /** Asks for what comes next, on any tab that can. */
  proceed(): void {
    if (this.admission === undefined || this.question.key !== undefined || this.isResting) return;
    const { current } = this.cart;
    if (!current && this.isAtHome) return this.events.onDone();
    if (current && this.isThinking(current)) return;
    for (const tab of this.tabs) {
      if (current ? this.askSeats(tab, current, this.admission) : this.finish(tab)) return;
    }
  }

  /** Before something is given back; what is wanted is asked for at once. */
  private isThinking({ question, idempotencyKey: key }: SeatRequest): boolean {
    const { agenda, random, thinkingMs } = this.context;
    if (thinkingMs === undefined || question === 'commit' || question === 'join') return false;
    if (this.thought.key === key) return !this.thought.over;
    const thought = { key, over: false };
    this.thought = thought;
    const most = this.isAtHome ? thinkingMs * LATE_THINKING : thinkingMs;
    agenda.in(random.between(most * LEAST_THINKING, most), () => {
      thought.over = true;
      this.proceed();
    });
    return true;
  }

  private askSeats(tab: Tab, request: SeatRequest, admission: string): boolean {
    const { termId } = this.context;
    const { idempotencyKey: key, question } = request;
    const isFirst = this.question.isNew(key);
    const isOut = this.question.ask<SeatsReply>(
      key,
      tab,
      (onAnswer) => sendRequest(tab, request, { termId, admission }, onAnswer),
      (reply, askedAt) => this.takeAnswers(question, reply, askedAt),
    );
    if (isOut && isFirst) {
      this.requests += 1;
      this.events.onAsked(tab, this.requests);
    }
    return isOut;
  }

  private takeAnswers(question: SeatQuestion, reply: SeatsReply, askedAt: number): void {
    const { pace } = this.context;
    const answeredAt = this.noteWait(question, askedAt);
    const refusals = reply.ok ? reply.results.flatMap(({ error }) => (error?.retryable ? [error] : [])) : [reply.error];
    for (const error of refusals) this.events.onRefused(SEAT_EVENTS[question], error);
    if (!reply.ok && reply.error.retryable) return this.rest(pace.retryMs);
    const { answers, again } = reply.ok
      ? this.cart.settle(reply.results)
      : { answers: this.cart.refuse(reply.error), again: false };
    this.record.answers.push(...answers.map((answer) => ({ ...answer, askedAt, answeredAt })));
    this.rest(again ? pace.retryMs : pace.restMs);
  }

  private finish(tab: Tab): boolean {
    const { roomId, pace } = this.context;
    return this.question.ask<Answer<'admission:finish'>>(
      'finish',
      tab,
      (onAnswer) => tab.ask('admission:finish', { roomId }, onAnswer),
      (reply, askedAt) => {
        this.noteWait('finish', askedAt);
        if (reply.ok) return this.events.onFinished();
        this.events.onRefused('admission:finish', reply.error);
        if (reply.error.retryable) this.rest(pace.retryMs);
      },
    );
  }

  /** @returns now */
  private noteWait(question: Wait['question'], askedAt: number): number {
    const now = this.context.now();
    this.record.waits.push({ question, ms: now - askedAt });
    return now;
  }

  /** Asks nothing for a while. */
  private rest(span: Span | undefined): void {
    if (!span) return this.proceed();
    const { agenda, random } = this.context;
    this.isResting = true;
    agenda.in(random.between(span.least, span.most), () => {
      this.isResting = false;
      this.proceed();
    });
  }
}
