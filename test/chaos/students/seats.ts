import type { Reply, SectionOutcome, WireError } from '../../../src/live/events';
import type { Cart, SeatRequest } from './cart';
import type { SwarmContext } from './swarm-context';
import type { Tab } from './tab';
import type { StudentView } from './view';

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

/** A question that is out: on which tab, since when, and when it was asked for the first time. */
interface Pending {
  tab: Tab;
  key: string;
  since: number;
}

/** How long an answer may take before the question is asked again, with its old key, ms. */
const PATIENCE_MS = 4_000;
const RETRY_MS = { least: 150, most: 600 };
/** Between two requests of one student, ms: somebody is asking for seats at any moment. */
const PAUSE_MS = { least: 50, most: 500 };

/** What a student does inside: commits the cart, drops some of it again, finishes; each asked until it is answered. */
export class Seats {
  private pending?: Pending;
  private firstAsked = { key: '', at: 0 };
  private resting = false;

  constructor(
    private readonly student: SeatOwner,
    private readonly cart: Cart,
    private readonly context: SwarmContext,
  ) {}

  get isAsking(): boolean {
    return this.pending !== undefined && this.pending.key !== 'finish';
  }

  /** There is only finishing left. */
  get isDone(): boolean {
    return this.student.state === 'inside' && this.cart.current === undefined;
  }

  /** Asks for what comes next, on any tab that can. */
  proceed(): void {
    if (this.student.state !== 'inside' || this.pending || this.resting) return;
    for (const tab of this.student.tabs) {
      if (this.askNext(tab)) return;
    }
  }

  checkPatience(now: number): void {
    if (this.pending && now - this.pending.since < PATIENCE_MS) return;
    this.pending = undefined;
    this.proceed();
  }

  onCut(tab: Tab): void {
    if (this.pending?.tab !== tab) return;
    this.pending = undefined;
    this.proceed();
  }

  private askNext(tab: Tab): boolean {
    const { current } = this.cart;
    if (!current) return this.finish(tab);
    return current.asked === 'commit' ? this.commit(tab, current) : this.drop(tab, current);
  }

  private commit(tab: Tab, { sectionIds, idempotencyKey }: SeatRequest): boolean {
    const { admission } = this.student;
    if (admission === undefined) return false;
    const question = { termId: this.context.termId, sectionIds: [...sectionIds], admission, idempotencyKey };
    return this.ask(idempotencyKey, tab, (onAnswer) =>
      tab.ask('enrolment:commit', question, (reply) => onAnswer(() => this.take('enrolment:commit', reply))),
    );
  }

  private drop(tab: Tab, { sectionIds: [sectionId = ''], idempotencyKey }: SeatRequest): boolean {
    const question = { termId: this.context.termId, sectionId, idempotencyKey };
    return this.ask(idempotencyKey, tab, (onAnswer) =>
      tab.ask('enrolment:drop', question, (reply) => onAnswer(() => this.take('enrolment:drop', reply))),
    );
  }

  private take(event: string, reply: Reply<{ results: SectionOutcome[] }>): void {
    const { seats } = this.student.view;
    if (!reply.ok) return this.takeRefusal(event, reply.error, () => seats.push(...this.cart.refuse(reply.error.code)));
    const open = reply.results.flatMap(({ error }) => (error?.retryable ? [error] : []));
    for (const error of open) this.student.onRefused(event, error);
    seats.push(...this.cart.settle(reply.results));
    this.later(open.length > 0 ? RETRY_MS : PAUSE_MS);
  }

  private finish(tab: Tab): boolean {
    const { roomId } = this.context;
    return this.ask('finish', tab, (onAnswer) =>
      tab.ask('admission:finish', { roomId }, (reply) =>
        onAnswer(() => {
          if (reply.ok) this.student.end();
          else this.takeRefusal('admission:finish', reply.error, () => this.student.lose(reply.error.code));
        }),
      ),
    );
  }

  private takeRefusal(event: string, error: WireError, giveUp: () => unknown): void {
    this.student.onRefused(event, error);
    if (error.retryable) return this.later(RETRY_MS);
    giveUp();
    this.later(PAUSE_MS);
  }

  private ask(key: string, tab: Tab, send: (onAnswer: (take: () => void) => void) => boolean): boolean {
    const since = this.context.now();
    if (this.firstAsked.key !== key) this.firstAsked = { key, at: since };
    const asked = send((take) => {
      if (this.pending?.key !== key) return;
      this.pending = undefined;
      this.student.view.waits.push(this.context.now() - this.firstAsked.at);
      take();
    });
    if (asked) this.pending = { tab, since, key };
    return asked;
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
