import type { Presence } from '../../../load/rush/observation';
import type {
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  WireError,
} from '../../../src/live/events';
import { Cart } from './cart';
import type { StudentPlan } from './plan';
import { type SeatOwner, Seats } from './seats';
import type { SwarmContext } from './swarm-context';
import { Tab, type TabOwner } from './tab';
import { newStudentView, type StudentView } from './view';

export type StudentState = 'coming' | 'waiting' | 'inside' | 'ended';

/** A student who joins, watches, is let in, commits and drops seats and finishes, whatever happens to the service. */
export class Student implements TabOwner, SeatOwner {
  readonly view: StudentView;
  readonly token: string;
  state: StudentState = 'coming';
  /** The signed ticket and the admission token, for whoever wants to misuse them. */
  ticket?: string;
  admission?: string;
  readonly tabs: Tab[] = [];
  private readonly seats: Seats;
  private seenSequence = 0;
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
    const cart = new Cart(plan.wishes, plan.drops, random, `${context.runId}-${plan.ordinal}`);
    this.seats = new Seats(this, cart, context);
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
    this.view.sights.push({ kind: 'asked', tab: tab.index });
    const { ticket, seenSequence } = this;
    if (ticket === undefined) return { roomId: this.context.roomId };
    return { roomId: this.context.roomId, ticket, seenSequence, resume: true };
  }

  onTicket(tab: Tab, message: LineTicketMessage): void {
    if (this.goneSince !== undefined) this.view.gaps.push(this.context.now() - this.goneSince);
    this.goneSince = undefined;
    const isFirst = this.ticket === undefined;
    this.ticket = message.ticket;
    this.noteNumber(message.number);
    // While the room recovers the position is not known, and not told.
    if (message.position > 0 || message.state === 'admitted') this.show(tab, message);
    if (isFirst) {
      this.view.ticketAt = this.context.now();
      this.state = 'waiting';
      this.schedule();
    }
    if (this.state === 'inside') this.seats.proceed();
  }

  onPosition(tab: Tab, message: LinePositionMessage): void {
    this.show(tab, message);
  }

  onAdmitted(tab: Tab, { number, expiresAt, serverTime, token }: LineAdmittedMessage): void {
    this.noteNumber(number);
    this.view.admissions.push({ number, expiresAt, serverTime });
    this.view.sights.push({ kind: 'shown', tab: tab.index, position: 0 });
    if (this.state !== 'waiting') return;
    // Let in just before giving the place back: it is taken after all.
    this.view.leftOnPurpose = false;
    this.admission = token;
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

  onCut(tab: Tab, reason: string): void {
    this.view.cuts.push({ at: this.context.now(), reason, pod: tab.pod });
    if (!this.tabs.some(({ isPlaced }) => isPlaced)) this.goneSince ??= this.context.now();
    this.seats.onCut(tab);
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
    const tab = new Tab(this.tabs.length, route, this, this.context);
    this.tabs.push(tab);
    tab.open();
  }

  private noteNumber(number: number): void {
    if (!this.view.numbers.includes(number)) this.view.numbers.push(number);
  }

  private show(tab: Tab, { position, sequence }: { position: number; sequence: number }): void {
    this.view.sights.push({ kind: 'shown', tab: tab.index, position });
    this.seenSequence = Math.max(this.seenSequence, sequence);
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
