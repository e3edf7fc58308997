import type {
  EnrolmentChangedMessage,
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  WireError,
} from '../../src/live/events';
import { Cart, type StudentChanges } from './cart';
import { type Ending, Place, type Presence } from './place';
import { Tab, type TabOwner } from './tab';
import { Inside } from './inside';
import { newStudentRecord, type StudentRecord } from '../judge/record';
import type { SwarmContext } from './swarm-context';

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
  private readonly place: Place;
  private readonly inside: Inside;
  private isRetired = false;

  constructor(
    private readonly plan: StudentPlan,
    private readonly context: SwarmContext,
    private readonly onEnded: () => void,
  ) {
    const { ordinal, studentId, wishes, changes } = plan;
    this.token = plan.token;
    this.record = newStudentRecord(studentId, wishes, [...(changes?.swaps.values() ?? [])]);
    this.place = new Place(context.roomId, this.record);
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
    return this.place.joinRequest(tab);
  }

  onTicket(tab: Tab, message: LineTicketMessage): void {
    const isFirst = this.place.ticket === undefined;
    this.place.takeTicket(tab, message);
    if (isFirst) {
      this.context.samples.join.push(this.context.now() - this.context.startedAt - this.plan.arriveAt);
      this.state = 'waiting';
      this.scheduleEvents(tab);
    }
    if (this.state === 'inside') this.inside.proceed();
  }

  onPosition(tab: Tab, message: LinePositionMessage): void {
    this.context.samples.positionAge.push(this.context.now() - message.at);
    this.place.show(tab, message);
  }

  onAdmitted(tab: Tab, message: LineAdmittedMessage): void {
    this.place.showAdmission(tab, message);
    if (this.state !== 'waiting') return;
    this.state = 'inside';
    this.inside.enter(message.token);
  }

  onLeft({ reason }: LineLeftMessage): void {
    if (reason === 'finished' && this.inside.isDone) this.end({ kind: 'finished' });
    else this.end({ kind: 'lost', reason: `the place ended: ${reason}` });
  }

  onEnrolmentChanged(tab: Tab, { changes }: EnrolmentChangedMessage): void {
    const at = this.context.now();
    for (const change of changes) this.record.news.push({ tab: tab.index, ...change, at });
  }

  onPresent(presence: Presence): void {
    this.record.presence.push(presence);
  }

  onDown(tab: Tab): void {
    this.noteDown(tab);
    this.inside.onDown(tab);
  }

  onJoinRefused(error: WireError): void {
    if (!error.retryable) this.onRefused(error);
  }

  onTurnedAway(error?: WireError): void {
    if (error && !error.retryable) this.onRefused(error);
    else this.happened.turnedAway += 1;
  }

  onUp(tab: Tab): void {
    this.record.connections.push({ tab: tab.index, from: this.context.now(), to: Infinity });
    if (this.state === 'ended') this.inside.proceed();
  }

  get wantsPlace(): boolean {
    return this.state !== 'ended';
  }

  private openTab(): Tab {
    const tab = new Tab(this.tabs.length, this, this.context);
    this.tabs.push(tab);
    tab.open();
    return tab;
  }

  private noteDown({ index }: Tab): void {
    const connection = this.record.connections.findLast(({ tab }) => tab === index);
    if (connection) connection.to = Math.min(connection.to, this.context.now());
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

  private onRefused({ code, message, details }: Pick<WireError, 'code' | 'message' | 'details'>): void {
    // The answer to finishing may be lost with the connection; coming back then says that it is done.
    if (code === 'ticket_gone' && details?.reason === 'finished' && this.inside.isDone) this.end({ kind: 'finished' });
    else this.end({ kind: 'lost', reason: `${code}: ${message}` });
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
