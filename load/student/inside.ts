import type { Span } from '../../client/sdk/pace';
import { asSunbeonError, type SunbeonError } from '../../client/sdk/sunbeon-error';
import type { WireError } from '../../src/contract/errors';
import type { SectionOutcome } from '../../src/contract/seats';
import type { Cart } from './cart';
import type { StudentRecord, Wait } from './record';
import { SEAT_EVENTS, type SeatQuestion, type SeatRequest, sendRequest } from './seat-request';
import type { SwarmContext } from './swarm-context';
import type { Tab } from './tab';

/** Nobody thinks for less than this share of the longest time. */
const LEAST_THINKING = 0.1;
/** At home, after having finished, a student thinks so many times as long. */
const LATE_THINKING = 3;

export interface InsideEvents {
  /** Nothing is left to ask at home either. */
  onDone: () => void;
  /** One section was refused for the moment; it is asked for again. */
  onPutOff: (event: string, error: WireError) => void;
}

/** What a student who was let in asks for: one question after another, each until it is answered for good. */
export class Inside {
  /** What has no answer yet. */
  private pending?: Wait['question'];
  /** The request that is being thought about, and whether that is over. */
  private thought?: { about: SeatRequest; over: boolean };
  private isResting = false;
  private isAtHome = false;
  private hasEntered = false;

  constructor(
    private readonly cart: Cart,
    private readonly tabs: readonly Tab[],
    private readonly record: StudentRecord,
    private readonly context: SwarmContext,
    private readonly events: InsideEvents,
  ) {}

  /** There is an admission now, or on one more tab. */
  enter(): void {
    this.hasEntered = true;
    this.proceed();
  }

  /** A question about seats has no answer yet. */
  get isAsking(): boolean {
    return this.pending !== undefined && this.pending !== 'finish';
  }

  /** Everything has been answered: there is only finishing left. */
  get isDone(): boolean {
    return this.hasEntered && this.cart.current === undefined;
  }

  /** There is no admission any more; seats can still be given back. */
  goHome(): void {
    this.isAtHome = true;
    this.pending = undefined;
    this.cart.goHome();
    this.proceed();
  }

  /** Asks for what comes next, on a tab that can. */
  private proceed(): void {
    if (!this.hasEntered || this.pending !== undefined || this.isResting) return;
    const { current } = this.cart;
    if (!current && this.isAtHome) return this.events.onDone();
    if (current && this.isThinking(current)) return;
    const tab = this.tabToAsk();
    if (!tab) return;
    if (current) void this.askSeats(tab, current);
    else void this.finish(tab);
  }

  /** One with a connection, if there is one: any other asks over HTTP. Inside it has to know of the admission. */
  private tabToAsk(): Tab | undefined {
    const able = this.tabs.filter((tab) => tab.client && (this.isAtHome || tab.admission !== undefined));
    return able.find(({ isConnected }) => isConnected) ?? able[0];
  }

  /** Before something is given back; what is wanted is asked for at once. */
  private isThinking(about: SeatRequest): boolean {
    const { agenda, random, thinkingMs } = this.context;
    const { question } = about;
    if (thinkingMs === undefined || question === 'commit' || question === 'join') return false;
    if (this.thought?.about === about) return !this.thought.over;
    const thought = { about, over: false };
    this.thought = thought;
    const most = this.isAtHome ? thinkingMs * LATE_THINKING : thinkingMs;
    agenda.in(random.between(most * LEAST_THINKING, most), () => {
      thought.over = true;
      this.proceed();
    });
    return true;
  }

  private async askSeats({ client }: Tab, request: SeatRequest): Promise<void> {
    const { termId } = this.context;
    if (!client) return;
    await this.ask(
      request.question,
      () => sendRequest(client.seats, termId, request),
      (outcomes, askedAt) => this.takeAnswers(request.question, outcomes, askedAt),
    );
  }

  private takeAnswers(question: SeatQuestion, outcomes: SectionOutcome[] | SunbeonError, askedAt: number): void {
    const { pace } = this.context;
    const answeredAt = this.context.now();
    const isRefused = !Array.isArray(outcomes);
    // Nobody has answered, and the tab that asked is gone.
    if (isRefused && outcomes.retryable) return this.rest(pace.retryMs);
    if (!isRefused) {
      for (const { error } of outcomes) if (error?.retryable) this.events.onPutOff(SEAT_EVENTS[question], error);
    }
    const { answers, again } = isRefused
      ? { answers: this.cart.refuse(outcomes), again: false }
      : this.cart.settle(outcomes);
    this.record.answers.push(...answers.map((answer) => ({ ...answer, askedAt, answeredAt })));
    this.rest(again ? pace.retryMs : pace.restMs);
  }

  /** That it is done shows in the place. Until then it is asked again. */
  private async finish({ client }: Tab): Promise<void> {
    // Another device that has still to be told of the place would take a new one afterwards.
    if (this.tabs.some(({ isNew }) => isNew)) return this.rest(this.context.pace.retryMs);
    await this.ask(
      'finish',
      async () => client?.leave(),
      () => this.rest(this.context.pace.retryMs),
    );
  }

  /** @param take not called when nobody waits for the answer any more */
  private async ask<Answer>(
    question: Wait['question'],
    send: () => Promise<Answer>,
    take: (answer: Answer | SunbeonError, askedAt: number) => void,
  ): Promise<void> {
    const askedAt = this.context.now();
    const { isAtHome } = this;
    this.pending = question;
    const answer = await send().catch(asSunbeonError);
    this.record.waits.push({ question, ms: this.context.now() - askedAt });
    if (this.isAtHome !== isAtHome) return;
    this.pending = undefined;
    take(answer, askedAt);
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
