import type { Cart } from '../../../load/rush/cart';
import type { WireError } from '../../../src/live/events';
import type { SwarmContext } from './swarm-context';
import type { Answer, Tab } from './tab';
import type { StudentView } from './view';

/** The student whose seats they are. */
export interface SeatOwner {
  readonly state: string;
  readonly tabs: readonly Tab[];
  readonly view: StudentView;
  readonly admission?: string;
  /** Wishes that are given back again, if they were granted. */
  readonly drops: readonly string[];
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
  private readonly drops: { sectionId: string; key: string }[] = [];
  private pending?: Pending;
  private firstAsked = { key: '', at: 0 };
  private resting = false;

  constructor(
    private readonly student: SeatOwner,
    private readonly cart: Cart,
    private readonly keys: string,
    private readonly context: SwarmContext,
  ) {}

  get isAsking(): boolean {
    return this.pending !== undefined && this.pending.key !== 'finish';
  }

  /** There is only finishing left. */
  get isDone(): boolean {
    return this.student.state === 'inside' && this.cart.current === undefined && this.drops.length === 0;
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
    if (this.cart.current) return this.commit(tab);
    const [drop] = this.drops;
    return drop ? this.drop(tab, drop) : this.finish(tab);
  }

  private commit(tab: Tab): boolean {
    const { current } = this.cart;
    const { admission } = this.student;
    if (!current || admission === undefined) return false;
    const { idempotencyKey: key, sectionIds } = current;
    const question = { termId: this.context.termId, sectionIds: [...sectionIds], admission, idempotencyKey: key };
    return this.ask(key, tab, (onAnswer) =>
      tab.ask('enrolment:commit', question, (reply) => onAnswer(() => this.takeCommit(reply))),
    );
  }

  private takeCommit(reply: Answer<'enrolment:commit'>): void {
    if (!reply.ok) return this.takeRefusal('enrolment:commit', reply.error, () => this.cart.refuse(reply.error));
    for (const { error } of reply.results) if (error?.retryable) this.student.onRefused('enrolment:commit', error);
    const { answers, again } = this.cart.settle(reply.results);
    for (const { sectionId, outcome, code } of answers) {
      this.student.view.seats.push({ sectionId, asked: 'commit', outcome, code });
      if (outcome === 'enrolled' && this.student.drops.includes(sectionId)) {
        this.drops.push({ sectionId, key: `${this.keys}-drop-${sectionId}` });
      }
    }
    if (again) this.later(RETRY_MS);
    else this.answered();
  }

  private drop(tab: Tab, { sectionId, key }: { sectionId: string; key: string }): boolean {
    const question = { termId: this.context.termId, sectionId, idempotencyKey: key };
    return this.ask(key, tab, (onAnswer) =>
      tab.ask('enrolment:drop', question, (reply) => onAnswer(() => this.takeDrop(sectionId, reply))),
    );
  }

  private takeDrop(sectionId: string, reply: Answer<'enrolment:drop'>): void {
    const note = (outcome: 'dropped' | 'refused', code?: string): void => {
      this.drops.shift();
      this.student.view.seats.push({ sectionId, asked: 'drop', outcome, code });
    };
    if (!reply.ok) {
      const { code } = reply.error;
      return this.takeRefusal('enrolment:drop', reply.error, () => note('refused', code));
    }
    const [result] = reply.results;
    if (result?.error) {
      const { error } = result;
      return this.takeRefusal('enrolment:drop', error, () => note('refused', error.code));
    }
    note('dropped');
    this.answered();
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
    this.answered();
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

  private answered(): void {
    this.later(PAUSE_MS);
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
