import type { Cart, SeatRequest } from './cart';
import type { StudentRecord } from './observation';
import type { SwarmContext } from './swarm-context';
import { type Answer, PATIENCE_MS, RETRY_MS, type Tab } from './tab';

type SeatsAnswer = Answer<'enrolment:commit'>;

/** Nobody thinks for less than this share of the longest time. */
const LEAST_THINKING = 0.1;
/** At home, after having finished, a student thinks so many times as long. */
const LATE_THINKING = 3;

export interface InsideEvents {
  /** Nothing is left to ask inside, and the service has said goodbye. */
  onFinished: () => void;
  /** Nothing is left to ask at home either. */
  onDone: () => void;
  /** The service would not let the student finish. */
  onRefused: (error: { code: string; message: string; details?: Record<string, unknown> }) => void;
  /** A request was just sent, of so many so far. */
  onAsked: (tab: Tab, requests: number) => void;
}

/** What a student who was let in asks for: one question after another, each until it is answered for good. */
export class Inside {
  /** The question that is out, and since when. */
  private pending?: { tab: Tab; since: number; key: string };
  /** When the current request was first asked. */
  private firstAsked = { key: '', at: 0 };
  private admission?: string;
  private requests = 0;
  /** The request that is being thought about, and whether that is over. */
  private thought = { key: '', over: false };
  private isAtHome = false;

  constructor(
    private readonly cart: Cart,
    private readonly tabs: readonly Tab[],
    private readonly record: StudentRecord,
    private readonly context: SwarmContext,
    private readonly events: InsideEvents,
  ) {}

  enter(admission: string): void {
    this.admission = admission;
    this.proceed();
  }

  /** Everything has been answered: there is only finishing left. */
  get isDone(): boolean {
    return this.admission !== undefined && this.cart.current === undefined;
  }

  /** There is no admission any more; seats can still be given back. */
  goHome(): void {
    this.isAtHome = true;
    this.pending = undefined;
    this.cart.goHome();
    this.proceed();
  }

  /** What was not answered for too long is asked again. */
  checkPatience(now: number): void {
    if (!this.pending || now - this.pending.since < PATIENCE_MS) return;
    this.pending = undefined;
    this.proceed();
  }

  onDown(tab: Tab): void {
    if (this.pending?.tab !== tab) return;
    this.pending = undefined;
    this.proceed();
  }

  /** Asks for what comes next, on any tab that can. */
  proceed(): void {
    if (this.admission === undefined || this.pending) return;
    const { current } = this.cart;
    if (!current && this.isAtHome) return this.events.onDone();
    if (current && this.isThinking(current)) return;
    for (const tab of this.tabs) {
      if (current ? this.askSeats(tab, current, this.admission) : this.finish(tab)) return;
    }
  }

  /** Before something is given back; what is wanted is asked for at once. */
  private isThinking({ question, idempotencyKey: key }: SeatRequest): boolean {
    if (question === 'commit' || question === 'join') return false;
    if (this.thought.key === key) return !this.thought.over;
    const thought = { key, over: false };
    this.thought = thought;
    const { agenda, random, thinkingMs } = this.context;
    const most = this.isAtHome ? thinkingMs * LATE_THINKING : thinkingMs;
    agenda.in(random.between(most * LEAST_THINKING, most), () => {
      thought.over = true;
      this.proceed();
    });
    return true;
  }

  private askSeats(tab: Tab, request: SeatRequest, admission: string): boolean {
    const { now, samples, termId } = this.context;
    const { idempotencyKey: key, question } = request;
    const since = now();
    const isFirst = this.firstAsked.key !== key;
    if (isFirst) this.firstAsked = { key, at: since };
    const asked = sendRequest(tab, request, { termId, admission }, (reply) => {
      if (this.pending?.key !== key) return;
      this.pending = undefined;
      const took = now() - this.firstAsked.at;
      (question === 'commit' ? samples.commit : samples.change).push(took);
      this.takeAnswers(reply);
    });
    if (!asked) return false;
    this.pending = { tab, since, key };
    if (isFirst) this.requests += 1;
    if (isFirst) this.events.onAsked(tab, this.requests);
    return true;
  }

  private takeAnswers(reply: SeatsAnswer): void {
    if (!reply.ok && reply.error.retryable) return this.later();
    const { answers, again } = reply.ok
      ? this.cart.settle(reply.results)
      : { answers: this.cart.refuse(reply.error), again: false };
    const times = { askedAt: this.firstAsked.at, answeredAt: this.context.now() };
    this.record.answers.push(...answers.map((answer) => ({ ...answer, ...times })));
    if (again) this.later();
    else this.proceed();
  }

  private finish(tab: Tab): boolean {
    const key = 'finish';
    const asked = tab.ask('admission:finish', { roomId: this.context.roomId }, (reply) => {
      if (this.pending?.key !== key) return;
      this.pending = undefined;
      if (reply.ok) this.events.onFinished();
      else if (reply.error.retryable) this.later();
      else this.events.onRefused(reply.error);
    });
    if (asked) this.pending = { tab, since: this.context.now(), key };
    return asked;
  }

  private later(): void {
    const { agenda, random } = this.context;
    agenda.in(random.between(RETRY_MS.least, RETRY_MS.most), () => this.proceed());
  }
}

/** @returns whether it could be sent on this tab */
function sendRequest(
  tab: Tab,
  { question, sectionIds, idempotencyKey }: SeatRequest,
  { termId, admission }: { termId: string; admission: string },
  onAnswer: (reply: SeatsAnswer) => void,
): boolean {
  const [sectionId = '', takeSectionId = ''] = sectionIds;
  const base = { termId, idempotencyKey };
  switch (question) {
    case 'commit':
      return tab.ask('enrolment:commit', { ...base, sectionIds: [...sectionIds], admission }, onAnswer);
    case 'drop':
      return tab.ask('enrolment:drop', { ...base, sectionId }, onAnswer);
    case 'swap':
      return tab.ask('enrolment:swap', { ...base, dropSectionId: sectionId, takeSectionId, admission }, onAnswer);
    case 'join':
      return tab.ask('waitlist:join', { ...base, sectionId, admission }, onAnswer);
    case 'leave':
      return tab.ask('waitlist:leave', { ...base, sectionId }, onAnswer);
  }
}
