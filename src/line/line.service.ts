import { Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { sleep, systemTimers } from '../common/clock';
import { DomainError } from '../common/domain-error';
import { failure } from '../common/text';
import { Topic, type Unsubscribe } from '../common/topic';
import { Roster } from '../identity/roster';
import type { Room } from '../room/room';
import { RoomService } from '../room/room.service';
import { JoinDoor, JoinWindows } from './join-door';
import { EpochProvider } from './epoch-provider';
import { JoinOutcome, LineStore, LINE_STORE, OperatorAct } from './line-store';
import { LineListener, LineNews, RoomLine } from './follower/room-line';
import type { Ticket } from './ticket';
import { PresentedTicket, TicketSigner } from './ticket-signer';

/** How long a resume waits for this pod's replica to show what the student has already seen, ms. */
const RESUME_WAIT_MS = 2_000;

/** How long an operator's call waits for the line to obey it, ms; a line that is away obeys when it is back. */
const IN_FORCE_WAIT_MS = 3_000;

export interface JoinOptions {
  /** Come back to a living ticket only. */
  resume: boolean;
  /** As the sign-in says it; the roster's comes first. */
  classYear?: string;
  /** The signed ticket that the client kept. */
  signedTicket?: string;
  /** Highest feed sequence the client has seen. */
  seenSequence?: number;
  /** Called when the door lets the student by, in the turn in which the store is then asked for the place. */
  onPassed?: () => void;
}

/** A place in line as it is told to the student. */
export interface Place {
  ticket: Ticket;
  signedTicket: string;
  /** `waiting` also while the admission could still be lost with the store: then it is told later. */
  state: 'waiting' | 'admitted';
  /** 1 = next; 0 once admitted, and while it is not known for sure because the line is being recovered. */
  position: number;
  total: number;
  /** Feed sequence that position and total include. */
  sequence: number;
}

/** The lines of all rooms, as this pod sees them: joins and leaves go to the store, positions come from the replicas. */
@Injectable()
export class LineService implements OnApplicationBootstrap {
  private readonly logger = new Logger('Lines');
  private readonly lines = new Map<string, RoomLine>();
  private readonly news: LineNews = new Topic('Lines');
  private readonly door: JoinDoor;
  private stopped = false;

  constructor(
    private readonly rooms: RoomService,
    @Inject(LINE_STORE) private readonly store: LineStore,
    private readonly epochs: EpochProvider,
    private readonly signer: TicketSigner,
    roster: Roster,
    windows: JoinWindows,
  ) {
    this.door = new JoinDoor(roster, windows);
  }

  onApplicationBootstrap(): void {
    this.rooms.onChange((room) => this.follow(room));
    this.rooms.onRemoved(({ id }) => this.unfollow(id));
  }

  /** Lets go of every line and of the store, and follows no further one. */
  async stop(): Promise<void> {
    this.stopped = true;
    const stopped = [...this.lines.values()].map((line) => line.stop());
    await this.store.close();
    await Promise.all(stopped);
  }

  listen(listener: LineListener): Unsubscribe {
    return this.news.subscribe((tell) => tell(listener));
  }

  /** This pod's end of every line. */
  all(): IterableIterator<RoomLine> {
    return this.lines.values();
  }

  /** Whether this is the line that its room has now, and not of one that was put away. */
  isFollowed(line: RoomLine): boolean {
    return this.lines.get(line.room.id) === line;
  }

  has(roomId: string): boolean {
    return this.lines.has(roomId);
  }

  /** @throws DomainError `room_not_found` */
  line(roomId: string): RoomLine {
    const line = this.lines.get(roomId);
    if (!line) throw new DomainError('room_not_found', `There is no room "${roomId}".`, { roomId });
    return line;
  }

  /** Resolves once the line obeys this version of the room as far as this pod knows, or after some seconds without that. */
  async untilInForce({ id, version }: Room): Promise<void> {
    const line = this.line(id);
    const inForce = new AbortController();
    const look = (): void => {
      if ((line.replica?.settingsVersion ?? 0) >= version) inForce.abort();
    };
    look();
    const stopListening = this.listen({ onState: look });
    await sleep(IN_FORCE_WAIT_MS, inForce.signal);
    stopListening();
  }

  /**
   * Takes a place for a student, or comes back to it, and makes the socket present.
   *
   * `enter` is called with the place in the same turn in which it was checked against the replica: whoever listens to
   * the line's events from within it misses none that concerns the place.
   *
   * @throws DomainError `room_not_found`, `not_on_roster`, `on_hold`, `ticket_invalid`, `ticket_gone` (with the reason),
   * `window_not_open`, `window_closed`, and whatever the store refuses with
   */
  async join(
    roomId: string,
    studentId: string,
    socketId: string,
    options: JoinOptions,
    enter: (place: Place, line: RoomLine) => void,
  ): Promise<void> {
    const line = this.line(roomId);
    const refusal = this.refusalAtDoor(roomId, studentId, options.classYear);
    if (refusal && !(options.resume && (await this.keepsPlaceDespite(refusal, roomId, studentId)))) throw refusal;
    const presented = this.readTicket(options.signedTicket, line.room, studentId);
    assertReplica(line);
    options.onPassed?.();
    const outcome = await line.join(studentId, socketId, { create: !options.resume, presented });
    if (outcome.outcome === 'gone' || !outcome.ticket) throw ticketGone(roomId, outcome.ticket);
    try {
      await this.enterOnceKnown(line, socketId, { ...options, presented }, outcome, enter);
    } catch (error) {
      this.logFailure(line.release(socketId));
      throw error;
    }
  }

  /** Waits until this pod's replica knows the place that the socket was attached to, and enters it. */
  private async enterOnceKnown(
    line: RoomLine,
    socketId: string,
    { seenSequence, presented }: Pick<JoinOptions, 'seenSequence'> & { presented?: PresentedTicket },
    { ticket: attached, sequence }: JoinOutcome,
    enter: (place: Place, line: RoomLine) => void,
  ): Promise<void> {
    let ticket = attached as Ticket;
    const { roomId, studentId } = ticket;
    if (seenSequence !== undefined && presented?.epoch === line.ref?.epoch) {
      const seen = Math.min(seenSequence, sequence);
      await line.replica?.waitFor(seen, RESUME_WAIT_MS);
      // What it would show could be a higher place than the student has seen already.
      if (line.replica && line.replica.shownSequence < seen) throw catchingUp();
    }
    assertReplica(line);
    while (this.hasMovedOn(line, ticket, sequence)) {
      const now = await this.find(roomId, studentId);
      if (!now || now.state === 'ended' || !isSamePlace(now, ticket)) throw ticketGone(roomId, now);
      if (now.state === ticket.state && now.number === ticket.number) break;
      ticket = now;
    }
    if (!line.holds(socketId)) throw catchingUp();
    enter(this.place(line, ticket), line);
    line.noteTold(socketId);
  }

  /** A socket is gone, from every line that it was attached to: each sees to it that the store hears of it, now or later. */
  detachEverywhere(socketId: string): void {
    for (const line of this.lines.values()) this.logFailure(line.detach(socketId));
  }

  private logFailure(detached: Promise<void>): void {
    detached.catch((error: unknown) => {
      this.logger.warn({ code: 'detach_deferred', ...failure(error) }, 'A lost socket is noted later');
    });
  }

  /** The place that a ticket stands for, by this pod's replica. */
  place(line: RoomLine, ticket: Ticket): Place {
    const { replica } = line;
    const isInside = ticket.state === 'admitted' && replica?.isKept(ticket) !== false;
    const position = isInside ? 0 : (replica?.shownPosition(ticket.number) ?? 0);
    return {
      ticket,
      state: isInside ? 'admitted' : 'waiting',
      signedTicket: this.signer.sign(ticket, line.room),
      position,
      total: Math.max(replica?.total ?? 0, position),
      sequence: replica?.shownSequence ?? 0,
    };
  }

  /** Gives the place in line back. Leaving twice, or without a place, is no error. @throws as the store */
  async leave(roomId: string, studentId: string): Promise<void> {
    const line = this.line(roomId);
    let ticket = await line.call((ref) => this.store.find(ref, studentId));
    // A lottery may give the place another number in between, once.
    for (let left = 2; left > 0 && ticket?.state === 'waiting'; left--) {
      const place = ticket;
      ticket = await line.call((ref) => this.store.end(ref, place, 'left'));
    }
  }

  /** What the line knows of a student. @throws as the store */
  find(roomId: string, studentId: string): Promise<Ticket | undefined> {
    return this.line(roomId).call((ref) => this.store.find(ref, studentId));
  }

  /**
   * Ends a student's admission in the line, and so gives the capacity back. Anything but a live admission is ignored.
   * When the store cannot be told now, it is told as soon as it is back.
   *
   * @throws as the store, for the first try
   */
  async finish(roomId: string, studentId: string, number: number): Promise<void> {
    await this.line(roomId).eventually((ref) => this.store.end(ref, { studentId, number }, 'finished'));
  }

  /** The same holds for an acknowledgement, or the student would be taken for a no-show. */
  async acknowledge(roomId: string, studentId: string, number: number): Promise<void> {
    await this.line(roomId).eventually((ref) => this.store.acknowledge(ref, { studentId, number }));
  }

  /** Acknowledges whatever admission the student has. */
  async acknowledgeAny(roomId: string, studentId: string): Promise<void> {
    await this.line(roomId).eventually(async (ref) => {
      const ticket = await this.store.find(ref, studentId);
      if (ticket?.state === 'admitted' && !ticket.acknowledged) await this.store.acknowledge(ref, ticket);
    });
  }

  /** @throws DomainError `not_in_line` when the student has no waiting ticket */
  async admitByHand(roomId: string, studentId: string, act: OperatorAct): Promise<Ticket> {
    const ticket = await this.line(roomId).call((ref) => this.store.admitByHand(ref, studentId, act));
    if (ticket?.state !== 'admitted') throw notInLine(roomId, studentId);
    this.line(roomId).figures.admitted += 1;
    return ticket;
  }

  /** Takes a student's place or admission away. @throws DomainError `not_in_line` when there is neither */
  async remove(roomId: string, studentId: string, act: OperatorAct): Promise<Ticket> {
    const line = this.line(roomId);
    const ticket = await this.find(roomId, studentId);
    if (!ticket || ticket.state === 'ended') throw notInLine(roomId, studentId);
    return (await line.call((ref) => this.store.end(ref, ticket, 'removed', act))) ?? ticket;
  }

  /** Takes a waiting student's place away; whoever was let in meanwhile stays inside. @throws as the store */
  async removeWaiting(roomId: string, studentId: string, number: number, act: OperatorAct): Promise<void> {
    const place = { studentId, number, only: 'waiting' as const };
    await this.line(roomId).call((ref) => this.store.end(ref, place, 'removed', act));
  }

  /** Whether the replica knows already that this ticket, waiting a moment ago, waits no more. */
  private hasMovedOn({ replica }: RoomLine, ticket: Ticket, sequence: number): boolean {
    if (ticket.state !== 'waiting' || !replica) return false;
    return replica.sequence >= sequence && !replica.isWaiting(ticket.number);
  }

  private follow(room: Room): void {
    if (this.stopped) return;
    const line = this.lines.get(room.id);
    if (line) {
      line.configure(room).catch((error: unknown) => {
        const fields = { code: 'room_change_deferred', room: room.id, version: room.version, ...failure(error) };
        this.logger.warn(fields, 'A change of a room reaches the line later');
      });
      return;
    }
    const { store, epochs } = this;
    const created = new RoomLine(room, { store, epochs, timers: systemTimers }, this.news);
    this.lines.set(room.id, created);
    created.start();
  }

  private unfollow(roomId: string): void {
    const line = this.lines.get(roomId);
    this.lines.delete(roomId);
    line?.stop().catch((error: unknown) => {
      this.logger.error({ code: 'line_not_let_go', room: roomId, err: error }, 'The line of a room was not let go');
    });
  }

  /** Why the student may take no place in the room now. @throws DomainError `room_not_found` */
  refusalAtDoor(roomId: string, studentId: string, classYear: string | undefined): DomainError | undefined {
    return this.door.refusal(this.line(roomId).room, studentId, classYear, this.now(roomId));
  }

  /**
   * A window is one for taking a place, and seats: whoever has a place keeps it when the window is moved to later, and
   * whoever is inside goes on there when it has ended. So both may come back.
   */
  private async keepsPlaceDespite({ code }: DomainError, roomId: string, studentId: string): Promise<boolean> {
    if (code !== 'window_not_open' && code !== 'window_closed') return false;
    const state = (await this.find(roomId, studentId))?.state;
    return state === 'admitted' || (state === 'waiting' && code === 'window_not_open');
  }

  /** When the window of somebody opens who may not come yet; undefined when nothing but time would help, or nothing need. */
  opensLater(roomId: string, studentId: string, classYear: string | undefined): number | undefined {
    const line = this.lines.get(roomId);
    return line && this.door.opensAt(line.room, studentId, classYear, this.now(roomId));
  }

  /** ms, by the clock of the line's store. @throws DomainError `room_not_found` */
  now(roomId: string): number {
    return this.line(roomId).replica?.now() ?? Date.now();
  }

  private readTicket(signed: string | undefined, room: Room, studentId: string): PresentedTicket | undefined {
    return signed === undefined ? undefined : this.signer.verify(signed, room, studentId);
  }
}

/** Without a replica there is no position to tell. @throws DomainError `line_recovering` */
function assertReplica(line: RoomLine): void {
  if (!line.replica) throw catchingUp();
}

function catchingUp(): DomainError {
  return new DomainError('line_recovering', 'This server is catching up with the line. Your place is kept.');
}

/** A lottery changes the number of a place, but not when it was taken. */
function isSamePlace(now: Ticket, then: Ticket): boolean {
  return now.number === then.number || (now.epoch === then.epoch && now.joinedAt === then.joinedAt);
}

function ticketGone(roomId: string, ticket: Ticket | undefined): DomainError {
  const reason = ticket?.reason;
  return new DomainError('ticket_gone', 'This place in line has ended.', { roomId, reason });
}

function notInLine(roomId: string, studentId: string): DomainError {
  return new DomainError('not_in_line', 'The student has no place in this line.', { roomId, studentId });
}
