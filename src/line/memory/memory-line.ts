import { roomStateAt, RoomState } from '../../room/room-state';
import type {
  LineLimits,
  LineRef,
  LineSettings,
  LineSnapshot,
  OpenOptions,
  OperatorAct,
  RestoredTicket,
  SocketRef,
} from '../line-store';
import { PositionIndex } from '../position-index';
import { EndReason, Ticket } from '../ticket';
import { Deadlines } from './deadlines';
import { Feed, NewEvent } from './feed';
import { LineTime } from './line-time';
import { Sockets } from './sockets';
import { TokenBucket } from './token-bucket';

export interface Pod {
  /** Line time at which it counts as dead, ms. */
  deadline: number;
  /** Somebody has begun to take its students off. */
  fenced: boolean;
}

/** How far a room's lottery has come; `none` also when it is over. */
export type Lottery =
  | { stage: 'none' | 'entries' }
  /** Numbers from `firstNumber` on are set aside. */
  | { stage: 'frozen'; firstNumber: number }
  /** `settledAt` is the sequence of the event that says so. */
  | { stage: 'settled'; settledAt: number };

/** Later than any deadline. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** What a line holds, and the few ways in which a ticket can change. Everything is stamped with the time of its command. */
export class MemoryLine {
  readonly tickets = new Map<string, Ticket>();
  readonly pods = new Map<string, Pod>();
  readonly sockets = new Sockets();
  readonly feed = new Feed();
  /** All who wait. */
  readonly waiting: PositionIndex;
  /** Those of them who are present. */
  readonly present: PositionIndex;
  /** Line time: grace of the away, no-show of the admitted. */
  readonly deadlines = new Deadlines();
  /** Store time: leases of those inside. */
  readonly inside = new Deadlines();
  readonly time: LineTime;
  readonly bucket: TokenBucket;
  settings: LineSettings;
  ready = false;
  /** Somebody has seen more of it than there is. */
  lost = false;
  opened = false;
  /** The line itself has let somebody in, in this epoch or as far as it was restored. */
  begun = false;
  /** Somebody is away whose grace stands. */
  standing = false;
  recoveringUntil = 0;
  lottery: Lottery;
  private readonly studentByNumber = new Map<number, string>();
  /** Numbers that tickets of earlier epochs brought with them. */
  private readonly claimed = new Set<number>();
  nextNumber: number;

  /** @param now µs of store time at which the running command happens; the store sets it before each */
  constructor(
    readonly ref: LineRef,
    readonly options: OpenOptions,
    readonly limits: LineLimits,
    public now: number,
  ) {
    this.settings = { ...options.settings };
    this.nextNumber = options.firstNumber;
    this.waiting = new PositionIndex(this.baseNumber);
    this.present = new PositionIndex(this.baseNumber);
    this.time = new LineTime(now, limits.stallMs * 1_000);
    this.bucket = { credit: 0, countedUntil: now, idle: true };
    this.lottery = { stage: this.settings.lottery && !options.drawn ? 'entries' : 'none' };
    this.append({ type: 'settings', settings: { ...this.settings } });
  }

  /** Lowest number that can wait here: of a ticket from the trail, or of one that is presented. */
  get baseNumber(): number {
    return Math.min(this.options.baseNumber, this.options.restoredThrough + 1);
  }

  get nowMs(): number {
    return Math.floor(this.now / 1_000);
  }

  get lineNow(): number {
    return this.time.at(this.now);
  }

  get state(): RoomState {
    const { control, opensAt } = this.settings;
    return roomStateAt({ control, opensAt, recoveringUntil: this.recoveringUntil }, this.nowMs);
  }

  /** Until the room lets somebody in, and while it is postponed, being away costs nothing. */
  get graceStands(): boolean {
    return !this.settings.graceBeforeOpening && (!this.begun || this.state === 'scheduled');
  }

  /** In thousandths of an admission per second. */
  get rate(): number {
    return Math.round(this.settings.ratePerSecond * 1_000);
  }

  live(studentId: string): Ticket | undefined {
    const ticket = this.tickets.get(studentId);
    return ticket?.state === 'ended' ? undefined : ticket;
  }

  append(event: NewEvent): number {
    return this.feed.append(this.nowMs, event);
  }

  /** The student of a present number. */
  studentOf(number: number): string {
    return this.studentByNumber.get(number)!;
  }

  /** A new ticket at the tail, not yet present. */
  issue(studentId: string): Ticket {
    const { epoch } = this.ref;
    const ticket = this.place(studentId, { epoch, number: this.nextNumber, joinedAt: this.nowMs });
    this.nextNumber += 1;
    return ticket;
  }

  /** Whether a number of an earlier epoch may come back: this epoch does not issue it, and nobody has it. */
  isFree(number: number): boolean {
    return number >= this.baseNumber && number < this.options.firstNumber && !this.claimed.has(number);
  }

  /** A waiting ticket of an earlier epoch comes back to its place, not yet present. */
  reinstate(studentId: string, ticket: { epoch: number; number: number; joinedAt: number }): Ticket {
    this.claimed.add(ticket.number);
    return this.place(studentId, ticket);
  }

  restore(ticket: RestoredTicket): void {
    const { studentId, epoch, number, joinedAt } = ticket;
    if (ticket.state === 'ended') return void this.claimed.add(number);
    if (this.tickets.has(studentId) || !this.isFree(number)) return;
    const placed = this.reinstate(studentId, { epoch, number, joinedAt });
    if (ticket.state === 'waiting') return this.depart(placed);
    this.admit(placed, ticket.expiresAt);
    this.begun = true;
    if (ticket.acknowledged) this.acknowledge(placed);
  }

  /** Closes the lottery's list, and sets numbers aside for those who are on it. */
  freeze(): void {
    const [entries, firstNumber] = [this.waiting.total, this.nextNumber];
    this.nextNumber += entries;
    this.lottery = { stage: 'frozen', firstNumber };
    this.append({ type: 'frozen', entries, firstNumber });
  }

  /** A waiting ticket gets the number that the lottery has given it. */
  renumber(ticket: Ticket, number: number): void {
    const { studentId, number: entry } = ticket;
    this.waiting.remove(entry);
    this.studentByNumber.delete(entry);
    this.waiting.add(number);
    this.studentByNumber.set(number, studentId);
    if (this.present.remove(entry)) this.present.add(number);
    this.tickets.set(studentId, { ...ticket, number });
    this.append({ type: 'drawn', number, studentId, entry });
  }

  /** A socket of a live ticket is there; a waiting ticket becomes present with it. */
  attach(ticket: Ticket, socket: SocketRef): void {
    this.sockets.attach(ticket.studentId, socket);
    if (ticket.state !== 'waiting') return;
    this.deadlines.delete(ticket.studentId);
    this.present.add(ticket.number);
  }

  /** A waiting ticket has lost its last socket; the grace begins. */
  depart(ticket: Ticket): void {
    this.present.remove(ticket.number);
    if (this.graceStands) this.suspend(ticket.studentId);
    else this.deadlines.set(ticket.studentId, this.lineNow + this.settings.graceMs);
    this.append({ type: 'away', number: ticket.number, studentId: ticket.studentId });
  }

  /** The away ticket's grace does not run for now. */
  suspend(studentId: string): void {
    this.deadlines.set(studentId, NEVER);
    this.standing = true;
  }

  admit(ticket: Ticket, expiresAt: number, act?: OperatorAct): void {
    const { studentId, number } = ticket;
    this.stopWaiting(ticket);
    this.inside.set(studentId, expiresAt);
    this.deadlines.set(studentId, this.lineNow + this.settings.noShowMs);
    const admittedSequence = this.append({ type: 'admitted', number, studentId, expiresAt, ...(act && { act }) });
    this.tickets.set(studentId, { ...ticket, state: 'admitted', expiresAt, admittedSequence, acknowledged: false });
  }

  acknowledge({ studentId, number }: Ticket): void {
    this.tickets.get(studentId)!.acknowledged = true;
    this.deadlines.delete(studentId);
    this.append({ type: 'acknowledged', number, studentId });
  }

  end(ticket: Ticket, reason: EndReason, act?: OperatorAct): void {
    const { roomId, studentId, epoch, number, joinedAt } = ticket;
    if (ticket.state === 'waiting') this.stopWaiting(ticket);
    this.inside.delete(studentId);
    this.deadlines.delete(studentId);
    this.sockets.forget(studentId);
    this.tickets.set(studentId, { roomId, studentId, epoch, number, joinedAt, state: 'ended', reason });
    this.append({ type: 'ended', number, studentId, reason, ...(act && { act }) });
  }

  snapshot(): LineSnapshot {
    const { baseNumber } = this;
    const waiting = new Uint8Array(Math.ceil(Math.max(0, this.waiting.nextNumber - baseNumber) / 8));
    this.waiting.forEach((number) => {
      const bit = number - baseNumber;
      waiting[bit >>> 3]! |= 0x80 >>> (bit & 7);
    });
    return {
      epoch: this.ref.epoch,
      sequence: this.feed.sequence,
      durableSequence: this.feed.durableSequence,
      baseNumber,
      nextNumber: this.nextNumber,
      waiting,
      settings: { ...this.settings },
      state: this.state,
      recoveringUntil: this.recoveringUntil,
      drawPending: this.lottery.stage !== 'none',
      restoredThrough: this.options.restoredThrough,
      now: this.nowMs,
    };
  }

  private place(studentId: string, claim: { epoch: number; number: number; joinedAt: number }): Ticket {
    const ticket: Ticket = { roomId: this.ref.roomId, studentId, ...claim, state: 'waiting' };
    this.tickets.set(studentId, ticket);
    this.studentByNumber.set(claim.number, studentId);
    this.waiting.add(claim.number);
    this.append({ type: 'joined', number: claim.number, studentId, ticketEpoch: claim.epoch });
    return ticket;
  }

  private stopWaiting({ studentId, number }: Ticket): void {
    this.waiting.remove(number);
    this.present.remove(number);
    this.deadlines.delete(studentId);
    this.studentByNumber.delete(number);
  }
}
