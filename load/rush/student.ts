import type {
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  WireError,
} from '../../src/live/events';
import { Cart } from './cart';
import { newStudentRecord, type Ending, type StudentRecord } from './observation';
import type { SwarmContext } from './swarm-context';
import { type Answer, PATIENCE_MS, RETRY_MS, Tab, type TabOwner } from './tab';

/** What will happen to a student, decided beforehand. Times in ms. */
export interface StudentPlan {
  /** From 1; what is drawn for a student depends on it and the seed alone. */
  ordinal: number;
  studentId: string;
  token: string;
  wishes: readonly string[];
  /** After the rush began. */
  arriveAt: number;
  /** While waiting, after the place was told; undefined = never. */
  cutAfter?: number;
  reloadAfter?: number;
  secondTabAfter?: number;
}

/** How long a page takes to load again, ms. */
const RELOAD_MS = { least: 100, most: 600 };

export type StudentState = 'coming' | 'waiting' | 'inside' | 'ended';

/** A student who joins, watches, is let in, commits the wish list and finishes, through whatever happens to the tabs. */
export class Student implements TabOwner {
  readonly record: StudentRecord;
  readonly token: string;
  readonly happened = { turnedAway: 0, reconnects: 0, reloads: 0, secondTabs: 0 };
  state: StudentState = 'coming';
  private readonly tabs: Tab[] = [];
  private readonly cart: Cart;
  private ticket?: string;
  private seenSequence = 0;
  private admission?: string;
  /** The question that is out, and since when. */
  private pending?: { tab: Tab; since: number; key: string };
  /** When the current commit was first asked. */
  private firstAsked = { key: '', at: 0 };

  constructor(
    private readonly plan: StudentPlan,
    private readonly context: SwarmContext,
    private readonly onEnded: () => void,
  ) {
    this.token = plan.token;
    this.record = newStudentRecord(plan.studentId, plan.wishes);
    const random = context.random.fork(`cart ${plan.ordinal}`);
    this.cart = new Cart(plan.wishes, random, `${context.runId}-${plan.ordinal}`);
  }

  arrive(): void {
    this.openTab();
  }

  /** Everything is asked again that was not answered for too long. */
  checkPatience(now: number): void {
    for (const tab of this.tabs) tab.checkPatience(now);
    if (!this.pending || now - this.pending.since < PATIENCE_MS) return;
    this.pending = undefined;
    this.proceed();
  }

  /** Closes every tab; whoever has not finished by now is lost. */
  goHome(): void {
    for (const tab of this.tabs) tab.close();
  }

  joinRequest(tab: Tab): LineJoinRequest {
    this.record.sights.push({ kind: 'asked', tab: tab.index });
    const { ticket, seenSequence } = this;
    if (ticket === undefined) return { roomId: this.context.roomId };
    return { roomId: this.context.roomId, ticket, seenSequence, resume: true };
  }

  onTicket(tab: Tab, message: LineTicketMessage): void {
    const isFirst = this.ticket === undefined;
    this.ticket = message.ticket;
    this.noteNumber(message.number);
    this.show(tab, message);
    if (isFirst) {
      this.context.samples.join.push(this.context.now() - this.context.startedAt - this.plan.arriveAt);
      this.state = 'waiting';
      this.scheduleEvents(tab);
    }
    if (this.state === 'inside') this.proceed();
  }

  onPosition(tab: Tab, message: LinePositionMessage): void {
    this.context.samples.positionAge.push(this.context.now() - message.at);
    this.show(tab, message);
  }

  onAdmitted(tab: Tab, { number, expiresAt, serverTime, token }: LineAdmittedMessage): void {
    this.noteNumber(number);
    this.record.admissions.push({ number, expiresAt, serverTime });
    this.record.sights.push({ kind: 'shown', tab: tab.index, position: 0 });
    if (this.state !== 'waiting') return;
    this.admission = token;
    this.state = 'inside';
    this.proceed();
  }

  onLeft({ reason }: LineLeftMessage): void {
    if (reason === 'finished' && this.isDone) this.end({ kind: 'finished' });
    else this.end({ kind: 'lost', reason: `the place ended: ${reason}` });
  }

  onDown(tab: Tab): void {
    if (this.pending?.tab !== tab) return;
    this.pending = undefined;
    this.proceed();
  }

  onRefused({ code, message, details }: WireError): void {
    // The answer to finishing may be lost with the connection; coming back then says that it is done.
    if (code === 'ticket_gone' && details?.reason === 'finished' && this.isDone) this.end({ kind: 'finished' });
    else this.end({ kind: 'lost', reason: `${code}: ${message}` });
  }

  onTurnedAway(): void {
    this.happened.turnedAway += 1;
  }

  /** Every wish has been answered: there is only finishing left. */
  private get isDone(): boolean {
    return this.state === 'inside' && this.cart.current === undefined;
  }

  private openTab(): Tab {
    const tab = new Tab(this.tabs.length, this, this.context, (presence) => this.record.presence.push(presence));
    this.tabs.push(tab);
    tab.open();
    return tab;
  }

  private noteNumber(number: number): void {
    if (!this.record.numbers.includes(number)) this.record.numbers.push(number);
  }

  private show(tab: Tab, { position, sequence }: { position: number; sequence: number }): void {
    this.record.sights.push({ kind: 'shown', tab: tab.index, position });
    this.seenSequence = Math.max(this.seenSequence, sequence);
  }

  private scheduleEvents(tab: Tab): void {
    const { cutAfter, reloadAfter, secondTabAfter } = this.plan;
    this.whileWaiting(cutAfter, () => {
      this.happened.reconnects += 1;
      tab.cut();
    });
    this.whileWaiting(reloadAfter, () => {
      this.happened.reloads += 1;
      tab.close();
      const { agenda, random } = this.context;
      agenda.in(random.between(RELOAD_MS.least, RELOAD_MS.most), () => {
        if (this.state !== 'ended') tab.open();
      });
    });
    this.whileWaiting(secondTabAfter, () => {
      this.happened.secondTabs += 1;
      this.openTab();
    });
  }

  private whileWaiting(afterMs: number | undefined, work: () => void): void {
    if (afterMs === undefined) return;
    this.context.agenda.in(afterMs, () => {
      if (this.state === 'waiting') work();
    });
  }

  /** Asks for what comes next, on any tab that can. */
  private proceed(): void {
    if (this.state !== 'inside' || this.pending) return;
    for (const tab of this.tabs) {
      if (this.cart.current ? this.commit(tab) : this.finish(tab)) return;
    }
  }

  private commit(tab: Tab): boolean {
    const { current } = this.cart;
    if (!current || this.admission === undefined) return false;
    const { termId, now, samples } = this.context;
    const { idempotencyKey: key, sectionIds } = current;
    const since = now();
    if (this.firstAsked.key !== key) this.firstAsked = { key, at: since };
    const request = { termId, sectionIds: [...sectionIds], admission: this.admission, idempotencyKey: key };
    const asked = tab.ask('enrolment:commit', request, (reply) => {
      if (this.pending?.key !== key) return;
      this.pending = undefined;
      samples.commit.push(now() - this.firstAsked.at);
      this.takeAnswers(reply);
    });
    if (asked) this.pending = { tab, since, key };
    return asked;
  }

  private takeAnswers(reply: Answer<'enrolment:commit'>): void {
    if (reply.ok) {
      const { answers, again } = this.cart.settle(reply.results);
      this.record.answers.push(...answers);
      if (again) this.later();
      else this.proceed();
      return;
    }
    if (reply.error.retryable) return this.later();
    this.record.answers.push(...this.cart.refuse(reply.error));
    this.proceed();
  }

  private finish(tab: Tab): boolean {
    const key = 'finish';
    const asked = tab.ask('admission:finish', { roomId: this.context.roomId }, (reply) => {
      if (this.pending?.key !== key) return;
      this.pending = undefined;
      if (reply.ok) this.end({ kind: 'finished' });
      else if (reply.error.retryable) this.later();
      else this.onRefused(reply.error);
    });
    if (asked) this.pending = { tab, since: this.context.now(), key };
    return asked;
  }

  private later(): void {
    const { agenda, random } = this.context;
    agenda.in(random.between(RETRY_MS.least, RETRY_MS.most), () => this.proceed());
  }

  private end(ending: Ending): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.record.ending = ending;
    this.goHome();
    this.onEnded();
  }
}
