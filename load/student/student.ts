import type { WireError } from '../../src/contract/errors';
import type {
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
} from '../../src/contract/line';
import type { EnrolmentChangedMessage } from '../../src/contract/seats';
import { Cart } from './cart';
import { Inside } from './inside';
import { type Ending, Place, type Presence } from './place';
import type { StudentPlan } from './plan';
import { newStudentRecord, type StudentRecord } from './record';
import type { SwarmContext } from './swarm-context';
import { Tab, type TabOwner } from './tab';

/** How long a page takes to load again, ms. */
const RELOAD_MS = { least: 100, most: 600 };
/** How often the place is given back until that is confirmed, ms. */
const LEAVE_AGAIN_MS = 1_000;
/** What ends a student's time when it is refused for good; anything else is only an answer. */
const FATAL = ['connect', 'line:join', 'admission:finish'];

export type StudentState = 'coming' | 'waiting' | 'inside' | 'ended';

/**
 * A student who joins, watches, is let in, commits the wish list, changes it as planned and finishes, through whatever
 * happens to the tabs or to the service; and writes down everything.
 */
export class Student implements TabOwner {
  readonly record: StudentRecord;
  readonly token: string;
  readonly tabs: Tab[] = [];
  readonly happened = { turnedAway: 0, reconnects: 0, reloads: 0, secondTabs: 0 };
  state: StudentState = 'coming';
  private readonly place: Place;
  private readonly inside: Inside;
  /** Since when the student has no place on any socket, and not by their own doing. */
  private goneSince?: number;
  private isAway = false;
  private isRetired = false;

  constructor(
    readonly plan: StudentPlan,
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
      onRefused: (event, error) => this.onRefused(event, error),
      onAsked: (tab, requests) => this.maybeCut(tab, requests),
    });
  }

  /** The signed one, for whoever wants to misuse it. */
  get ticket(): string | undefined {
    return this.place.ticket;
  }

  /** The admission token, likewise. */
  get admission(): string | undefined {
    return this.inside.admission;
  }

  get wantsPlace(): boolean {
    return this.state !== 'ended';
  }

  /** A question about seats has no answer yet. */
  get isAsking(): boolean {
    return this.inside.isAsking;
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
    if (this.goneSince !== undefined) this.record.gaps.push(this.context.now() - this.goneSince);
    this.goneSince = undefined;
    const isFirst = this.place.ticket === undefined;
    this.place.takeTicket(tab, message);
    if (isFirst) {
      this.record.ticketAt = this.context.now();
      this.state = 'waiting';
      this.scheduleTroubles(tab);
    }
    if (this.state === 'inside') this.inside.proceed();
  }

  onPosition(tab: Tab, message: LinePositionMessage): void {
    this.context.positionAges.push(this.context.now() - message.at);
    this.place.show(tab, message);
  }

  onAdmitted(tab: Tab, message: LineAdmittedMessage): void {
    this.place.showAdmission(tab, message);
    if (this.state !== 'waiting') return;
    // Let in just before giving the place back: it is taken after all.
    this.record.leftOnPurpose = false;
    this.state = 'inside';
    this.inside.enter(message.token);
  }

  onLeft({ reason }: LineLeftMessage): void {
    const isMeant = reason === 'finished' ? this.inside.isDone : reason === 'left' && this.record.leftOnPurpose;
    this.end(isMeant ? { kind: 'finished' } : { kind: 'lost', reason: `the place ended: ${reason}` });
  }

  onEnrolmentChanged(tab: Tab, { changes }: EnrolmentChangedMessage): void {
    const at = this.context.now();
    for (const change of changes) this.record.news.push({ tab: tab.index, ...change, at });
  }

  onPresent(presence: Presence): void {
    if (!this.record.leftOnPurpose) this.record.presence.push(presence);
  }

  onUp(tab: Tab): void {
    this.record.connections.push({ tab: tab.index, from: this.context.now(), to: Infinity });
    if (this.state === 'ended') this.inside.proceed();
  }

  onDown(tab: Tab, reason: string): void {
    const at = this.context.now();
    this.noteDown(tab);
    // A tab that turns to another pod ends its connection itself.
    if (reason !== 'io client disconnect' && !tab.isCut) this.record.cuts.push({ at, reason, pod: tab.pod });
    if (!this.tabs.some(({ isPlaced }) => isPlaced)) this.goneSince ??= at;
    this.inside.onDown(tab);
  }

  onJoinRefused(error: WireError): void {
    this.onRefused('line:join', error);
  }

  onTurnedAway(error?: WireError): void {
    if (!error || error.retryable) this.happened.turnedAway += 1;
    if (error) this.onRefused('connect', error);
  }

  private onRefused(event: string, { code, message, retryable, details }: WireError): void {
    // The answer to finishing or leaving may be lost with the connection; coming back then says that it is done.
    const isDone = this.inside.isDone ? details?.reason === 'finished' : this.record.leftOnPurpose;
    if (code === 'ticket_gone' && isDone) return this.end({ kind: 'finished' });
    this.record.refusals.push({ event, code, retryable, at: this.context.now() });
    if (!retryable && FATAL.includes(event)) this.end({ kind: 'lost', reason: `${code}: ${message}` });
  }

  private openTab(): Tab {
    const tab = new Tab(this.tabs.length, this, this.context, this.plan.routes?.[this.tabs.length]);
    this.tabs.push(tab);
    tab.open();
    return tab;
  }

  private noteDown({ index }: Tab): void {
    const connection = this.record.connections.findLast(({ tab }) => tab === index);
    if (connection) connection.to = Math.min(connection.to, this.context.now());
  }

  private scheduleTroubles(tab: Tab): void {
    const { cutAfter, reloadAfter, secondTabAfter, away, leaveAfter } = this.plan.troubles;
    this.whileWaiting(cutAfter, () => this.cut(tab));
    this.whileWaiting(reloadAfter, () => this.reload(tab));
    this.whileWaiting(secondTabAfter, () => {
      this.happened.secondTabs += 1;
      this.openTab();
    });
    this.whileWaiting(away?.after, () => this.goAway(away?.forMs ?? 0));
    this.whileWaiting(leaveAfter, () => this.leave());
  }

  private whileWaiting(afterMs: number | undefined, work: () => void): void {
    if (afterMs === undefined) return;
    this.context.agenda.in(afterMs, () => {
      if (this.state === 'waiting') work();
    });
  }

  private cut(tab: Tab): void {
    this.happened.reconnects += 1;
    tab.cut();
  }

  private maybeCut(tab: Tab, requests: number): void {
    if (requests === this.plan.troubles.cutAtRequest) this.cut(tab);
  }

  private reload(tab: Tab): void {
    this.happened.reloads += 1;
    const { random } = this.context;
    this.close([tab], random.between(RELOAD_MS.least, RELOAD_MS.most));
  }

  /** Closes every window, and opens them again before the grace is over. */
  private goAway(forMs: number): void {
    this.isAway = true;
    this.close(this.tabs, forMs);
    this.context.agenda.in(forMs, () => (this.isAway = false));
  }

  /** Closes tabs for a while. */
  private close(tabs: readonly Tab[], forMs: number): void {
    for (const tab of tabs) {
      tab.close();
      this.noteDown(tab);
    }
    this.goneSince = undefined;
    this.context.agenda.in(forMs, () => {
      if (this.state === 'ended') return;
      for (const tab of tabs) tab.open();
    });
  }

  /** Gives the place back, and asks until that is confirmed. */
  private leave(): void {
    if (this.state !== 'waiting' || this.isAway) return;
    this.record.leftOnPurpose = true;
    const { roomId, agenda, now } = this.context;
    const { presence } = this.record;
    presence.splice(0, presence.length, ...presence.map(({ from, to }) => ({ from, to: Math.min(to, now()) })));
    for (const tab of this.tabs) {
      const isAsked = tab.ask('line:leave', { roomId }, (reply) => {
        if (!reply.ok) this.onRefused('line:leave', reply.error);
        else if (this.state === 'waiting') this.end({ kind: 'finished' });
      });
      if (isAsked) break;
    }
    agenda.in(LEAVE_AGAIN_MS, () => this.leave());
  }

  private end(ending: Ending): void {
    if (this.state === 'ended') return;
    const wasInside = this.state === 'inside';
    this.state = 'ended';
    this.record.ending = ending;
    if (ending.kind === 'finished' && wasInside) this.inside.goHome();
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
