import type { Place as ShownPlace } from '../../client/sdk/state';
import { memoryStorage } from '../../client/sdk/storage';
import type { WireError } from '../../src/contract/errors';
import type { LeftReason, LineAdmittedMessage, LinePositionMessage, LineTicketMessage } from '../../src/contract/line';
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
/** Pause before the place is given back once more when nobody has confirmed it, ms. */
const LEAVE_AGAIN_MS = 1_000;
/** What ends a student's time when it is refused for good; of the place the client knows best, and of seats it is an answer. */
const FATAL = ['connect', 'admission:finish'];

export type StudentState = 'coming' | 'waiting' | 'inside' | 'ended';

/**
 * One student with a browser, and some with one more, as the student page is used: joins, watches, is let in, commits the wish list, changes it as
 * planned and finishes, through whatever happens to the tabs or to the service; and writes down everything.
 */
export class Student implements TabOwner {
  readonly record: StudentRecord;
  readonly token: string;
  readonly studentId: string;
  readonly tabs: Tab[] = [];
  readonly happened = { turnedAway: 0, reconnects: 0, reloads: 0, secondTabs: 0 };
  state: StudentState = 'coming';
  /** The admission token, for whoever wants to misuse it. */
  admission?: string;
  private readonly browser = memoryStorage();
  private readonly place: Place;
  private readonly inside: Inside;
  private seatRequests = 0;
  /** Since when the student has no place on any socket, and not by their own doing. */
  private goneSince?: number;
  private isRetired = false;

  constructor(
    readonly plan: StudentPlan,
    private readonly context: SwarmContext,
    private readonly onEnded: () => void,
  ) {
    const { ordinal, studentId, wishes, changes } = plan;
    this.token = plan.token;
    this.studentId = studentId;
    this.record = newStudentRecord(studentId, wishes, [...(changes?.swaps.values() ?? [])]);
    this.place = new Place(this.record);
    const cart = new Cart(wishes, context.random.fork(`cart ${ordinal}`), changes);
    this.inside = new Inside(cart, this.tabs, this.record, context, {
      onDone: () => this.retire(),
      onPutOff: (event, error) => this.onRefused(event, error),
    });
  }

  /** The signed one, likewise. */
  get ticket(): string | undefined {
    return this.place.ticket;
  }

  /** A question about seats has no answer yet. */
  get isAsking(): boolean {
    return this.inside.isAsking;
  }

  arrive(): void {
    this.openTab();
  }

  /** Closes every tab; whoever has not finished by now is lost. */
  goHome(): void {
    for (const tab of this.tabs) tab.close();
  }

  /** What was shown on one device says nothing to another one: that is held to its own. */
  onJoin(tab: Tab): void {
    if (!this.isOtherDevice(tab.index)) this.place.ask(tab);
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
  }

  onPosition(tab: Tab, message: LinePositionMessage): void {
    this.context.positionAges.push(this.context.now() - message.at);
    this.place.show(tab, message);
  }

  onAdmitted(tab: Tab, message: LineAdmittedMessage): void {
    this.place.showAdmission(tab, message);
  }

  onPlace(tab: Tab, place: ShownPlace): void {
    const { admission } = tab;
    if (place.phase === 'waiting' && place.position !== undefined) this.place.move(tab, place.position);
    if (place.phase === 'ended') this.onLeft(place.reason);
    if (place.phase === 'refused') this.end({ kind: 'lost', reason: `${place.error.code}: ${place.error.message}` });
    if (admission === undefined || this.record.leftOnPurpose || !['waiting', 'inside'].includes(this.state)) return;
    this.admission = admission;
    this.state = 'inside';
    this.inside.enter();
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
  }

  onDown(tab: Tab, reason: string): void {
    const at = this.context.now();
    this.noteDown(tab);
    // A tab that turns to another pod ends its connection itself.
    if (reason !== 'io client disconnect' && !tab.isCut) this.record.cuts.push({ at, reason, pod: tab.pod });
    if (!this.tabs.some(({ isPlaced }) => isPlaced)) this.goneSince ??= at;
  }

  onSeatsAsked(tab: Tab): void {
    this.seatRequests += 1;
    if (this.seatRequests === this.plan.troubles.cutAtRequest) this.cut(tab);
  }

  onTurnedAway(error?: WireError): void {
    if (!error || error.retryable) this.happened.turnedAway += 1;
    if (error) this.onRefused('connect', error);
  }

  onRefused(event: string, { code, message, retryable, details }: WireError): void {
    // The answer to finishing or leaving may be lost with the connection; coming back then says that it is done.
    if (code === 'ticket_gone' && this.isMeant(details?.reason)) return;
    this.record.refusals.push({ event, code, retryable, at: this.context.now() });
    if (!retryable && FATAL.includes(event)) this.end({ kind: 'lost', reason: `${code}: ${message}` });
  }

  private onLeft(reason: LeftReason): void {
    this.end(this.isMeant(reason) ? { kind: 'finished' } : { kind: 'lost', reason: `the place ended: ${reason}` });
  }

  private isMeant(reason: unknown): boolean {
    const { leftOnPurpose } = this.record;
    return reason === 'finished' ? leftOnPurpose || this.inside.isDone : reason === 'left' && leftOnPurpose;
  }

  private openTab(): Tab {
    const { length: index } = this.tabs;
    const storage = this.isOtherDevice(index) ? memoryStorage() : this.browser;
    const tab = new Tab(index, this, this.context, storage, this.plan.routes?.[index]);
    this.tabs.push(tab);
    tab.open();
    return tab;
  }

  private isOtherDevice(index: number): boolean {
    return index > 0 && this.plan.troubles.secondIsDevice === true;
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

  private reload(tab: Tab): void {
    this.happened.reloads += 1;
    const { random } = this.context;
    this.close([tab], random.between(RELOAD_MS.least, RELOAD_MS.most));
  }

  /** Closes every window, and opens them again before the grace is over. */
  private goAway(forMs: number): void {
    this.close(this.tabs, forMs);
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

  /** Gives the place back, and asks until that is confirmed: then the page shows it. */
  private leave(): void {
    if (this.state !== 'waiting') return;
    const { agenda, now } = this.context;
    const again = (): void => agenda.in(LEAVE_AGAIN_MS, () => this.leave());
    const tab = this.tabs.find(({ isConnected }) => isConnected);
    if (!tab?.client) return again();
    this.record.leftOnPurpose = true;
    const { presence } = this.record;
    presence.splice(0, presence.length, ...presence.map(({ from, to }) => ({ from, to: Math.min(to, now()) })));
    tab.client.leave().then(again, again);
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
