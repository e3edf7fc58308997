import { Cart, NO_CHANGES } from '../../../load/student/cart';
import { Place, type Presence } from '../../../load/student/place';
import type { Tab, TabOwner } from '../../../load/student/tab';
import type {
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  WireError,
} from '../../../src/live/events';
import type { StudentPlan } from '../plan';
import { type SeatOwner, Seats } from './seats';
import type { SwarmContext } from './swarm-context';
import { RoutedTab } from './tab';
import { newStudentView, type StudentView } from './view';

export type StudentState = 'coming' | 'waiting' | 'inside' | 'ended';

/** A student who joins, watches, is let in, commits and drops seats and finishes, whatever happens to the service. */
export class Student implements TabOwner, SeatOwner {
  readonly view: StudentView;
  readonly token: string;
  state: StudentState = 'coming';
  /** The admission token. */
  admission?: string;
  readonly tabs: RoutedTab[] = [];
  private readonly place: Place;
  private readonly seats: Seats;
  /** Since when the student has no place on any socket, and not by their own doing. */
  private goneSince?: number;
  private isAway = false;

  constructor(
    readonly plan: StudentPlan,
    private readonly context: SwarmContext,
    private readonly onEnded: () => void,
  ) {
    this.token = plan.token;
    this.view = newStudentView(plan.studentId, plan.wishes);
    const random = context.random.fork(`cart ${plan.ordinal}`);
    const changes = { ...NO_CHANGES, givesUp: new Set(plan.drops) };
    const cart = new Cart(plan.wishes, random, `${context.runId}-${plan.ordinal}`, changes);
    this.place = new Place(context.roomId, this.view);
    this.seats = new Seats(this, cart, context);
  }

  /** The signed one, for whoever wants to misuse it. */
  get ticket(): string | undefined {
    return this.place.ticket;
  }

  get wantsPlace(): boolean {
    return this.state !== 'ended';
  }

  /** Seat requests, and the finish, that have no answer yet. */
  get isAsking(): boolean {
    return this.seats.isAsking;
  }

  arrive(): void {
    this.openTab();
  }

  checkPatience(now: number): void {
    for (const tab of this.tabs) tab.checkPatience(now);
    this.seats.checkPatience(now);
  }

  /** Closes every tab; whoever has not finished by now is lost. */
  goHome(): void {
    for (const tab of this.tabs) tab.close();
  }

  joinRequest(tab: Tab): LineJoinRequest {
    return this.place.joinRequest(tab);
  }

  onTicket(tab: Tab, message: LineTicketMessage): void {
    if (this.goneSince !== undefined) this.view.gaps.push(this.context.now() - this.goneSince);
    this.goneSince = undefined;
    const isFirst = this.ticket === undefined;
    this.place.takeTicket(tab, message);
    if (isFirst) {
      this.view.ticketAt = this.context.now();
      this.state = 'waiting';
      this.schedule();
    }
    if (this.state === 'inside') this.seats.proceed();
  }

  onPosition(tab: Tab, message: LinePositionMessage): void {
    this.place.show(tab, message);
  }

  onAdmitted(tab: Tab, message: LineAdmittedMessage): void {
    this.place.showAdmission(tab, message);
    if (this.state !== 'waiting') return;
    // Let in just before giving the place back: it is taken after all.
    this.view.leftOnPurpose = false;
    this.admission = message.token;
    this.state = 'inside';
    this.seats.proceed();
  }

  onLeft({ reason }: LineLeftMessage): void {
    if (reason === 'finished' && this.seats.isDone) this.end();
    else if (reason === 'left' && this.view.leftOnPurpose) this.end();
    else this.lose(`the place ended: ${reason}`);
  }

  onPresent(presence: Presence): void {
    if (!this.view.leftOnPurpose) this.view.presence.push(presence);
  }

  onDown(tab: RoutedTab, reason: string): void {
    // A tab that turns to another pod ends its connection itself.
    if (reason !== 'io client disconnect') this.view.cuts.push({ at: this.context.now(), reason, pod: tab.pod });
    if (!this.tabs.some(({ isPlaced }) => isPlaced)) this.goneSince ??= this.context.now();
    this.seats.onDown(tab);
  }

  onJoinRefused(error: WireError): void {
    this.onRefused('line:join', error);
  }

  onTurnedAway(error?: WireError): void {
    if (error) this.onRefused('connect', error);
  }

  onRefused(event: string, error: WireError): void {
    const { code, retryable, details, message } = error;
    // The answer to finishing or leaving may be lost with the connection; coming back then says that it is done.
    const isDone = this.seats.isDone ? details?.reason === 'finished' : this.view.leftOnPurpose;
    if (code === 'ticket_gone' && isDone) return this.end();
    this.view.refusals.push({ event, code, retryable, at: this.context.now() });
    if (!retryable && (event === 'line:join' || event === 'connect')) this.lose(`${code}: ${message}`);
  }

  end(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.view.ending = { kind: 'finished' };
    this.goHome();
    this.onEnded();
  }

  lose(reason: string): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.view.ending = { kind: 'lost', reason };
    this.goHome();
    this.onEnded();
  }

  private openTab(): void {
    const route = this.plan.routes[this.tabs.length] ?? { transports: ['websocket'] };
    const tab = new RoutedTab(this.tabs.length, route, this, this.context);
    this.tabs.push(tab);
    tab.open();
  }

  private schedule(): void {
    const { routes, awayAfterMs, awayForMs, leaveAfterMs } = this.plan;
    if (routes.length > 1) this.openTab();
    this.whileWaiting(awayAfterMs, () => this.goAway(awayForMs));
    this.whileWaiting(leaveAfterMs, () => this.leave());
  }

  /** Closes every window, and opens them again before the grace is over. */
  private goAway(forMs: number): void {
    this.isAway = true;
    for (const tab of this.tabs) tab.close();
    this.goneSince = undefined;
    this.context.agenda.in(forMs, () => {
      this.isAway = false;
      if (this.state === 'ended') return;
      for (const tab of this.tabs) tab.open();
    });
  }

  /** Gives the place back, and asks until that is confirmed. */
  private leave(): void {
    if (this.state === 'ended' || this.isAway || this.state === 'inside') return;
    this.view.leftOnPurpose = true;
    const { roomId, agenda, now } = this.context;
    const { presence } = this.view;
    presence.splice(0, presence.length, ...presence.map(({ from, to }) => ({ from, to: Math.min(to, now()) })));
    for (const tab of this.tabs) {
      const asked = tab.ask('line:leave', { roomId }, (reply) => {
        if (!reply.ok) return this.onRefused('line:leave', reply.error);
        if (this.state === 'waiting') this.end();
      });
      if (asked) break;
    }
    agenda.in(1_000, () => this.leave());
  }

  private whileWaiting(afterMs: number | undefined, work: () => void): void {
    if (afterMs === undefined) return;
    this.context.agenda.in(afterMs, () => {
      if (this.state === 'waiting') work();
    });
  }
}
