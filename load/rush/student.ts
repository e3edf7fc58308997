import type {
  EnrolmentChangedMessage,
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  WireError,
} from '../../src/live/events';
import { Cart } from './cart';
import type { StudentChanges } from './changes';
import { Inside } from './inside';
import { newStudentRecord, type Ending, type StudentRecord } from './observation';
import type { SwarmContext } from './swarm-context';
import { Tab, type TabOwner } from './tab';

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
  /** What is made of the answers; undefined = nothing. */
  changes?: StudentChanges;
  /** The connection is lost just after this request about seats was sent, from 1; undefined = never. */
  cutAtRequest?: number;
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
  private readonly inside: Inside;
  private ticket?: string;
  private seenSequence = 0;
  private isRetired = false;

  constructor(
    private readonly plan: StudentPlan,
    private readonly context: SwarmContext,
    private readonly onEnded: () => void,
  ) {
    const { ordinal, studentId, wishes, changes } = plan;
    this.token = plan.token;
    this.record = newStudentRecord(studentId, wishes, [...(changes?.swaps.values() ?? [])]);
    const random = context.random.fork(`cart ${ordinal}`);
    const cart = new Cart(wishes, random, `${context.runId}-${ordinal}`, changes);
    this.inside = new Inside(cart, this.tabs, this.record, context, {
      onFinished: () => this.end({ kind: 'finished' }),
      onDone: () => this.retire(),
      onRefused: (error) => this.onRefused(error),
      onAsked: (tab, requests) => this.maybeCut(tab, requests),
    });
  }

  arrive(): void {
    this.openTab();
  }

  /** Everything is asked again that was not answered for too long. */
  checkPatience(now: number): void {
    for (const tab of this.tabs) tab.checkPatience(now);
    this.inside.checkPatience(now);
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
    if (this.state === 'inside') this.inside.proceed();
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
    this.state = 'inside';
    this.inside.enter(token);
  }

  onLeft({ reason }: LineLeftMessage): void {
    if (reason === 'finished' && this.inside.isDone) this.end({ kind: 'finished' });
    else this.end({ kind: 'lost', reason: `the place ended: ${reason}` });
  }

  onEnrolmentChanged(tab: Tab, { changes }: EnrolmentChangedMessage): void {
    const at = this.context.now();
    for (const change of changes) this.record.news.push({ tab: tab.index, ...change, at });
  }

  onDown(tab: Tab): void {
    this.noteDown(tab);
    this.inside.onDown(tab);
  }

  onRefused({ code, message, details }: Pick<WireError, 'code' | 'message' | 'details'>): void {
    // The answer to finishing may be lost with the connection; coming back then says that it is done.
    if (code === 'ticket_gone' && details?.reason === 'finished' && this.inside.isDone) this.end({ kind: 'finished' });
    else this.end({ kind: 'lost', reason: `${code}: ${message}` });
  }

  onTurnedAway(): void {
    this.happened.turnedAway += 1;
  }

  onUp(tab: Tab): void {
    this.record.connections.push({ tab: tab.index, from: this.context.now(), to: Infinity });
    if (this.state === 'ended') this.inside.proceed();
  }

  get wantsPlace(): boolean {
    return this.state !== 'ended';
  }

  private openTab(): Tab {
    const tab = new Tab(this.tabs.length, this, this.context, (presence) => this.record.presence.push(presence));
    this.tabs.push(tab);
    tab.open();
    return tab;
  }

  private noteDown({ index }: Tab): void {
    const connection = this.record.connections.findLast(({ tab }) => tab === index);
    if (connection) connection.to = Math.min(connection.to, this.context.now());
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
      this.noteDown(tab);
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

  private maybeCut(tab: Tab, requests: number): void {
    if (requests !== this.plan.cutAtRequest) return;
    this.happened.reconnects += 1;
    tab.cut();
  }

  private end(ending: Ending): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.record.ending = ending;
    if (ending.kind === 'finished') this.inside.goHome();
    else this.retire();
  }

  /** Whoever may still be promoted stays on the page. */
  private retire(): void {
    if (this.isRetired) return;
    this.isRetired = true;
    if (!this.context.staysOn) this.goHome();
    this.onEnded();
  }
}
