import type { RoomControl } from '../contract/operate/rooms';
import type { RoomState } from '../room/room-state';
import type { EndReason, Ticket } from './ticket';

/** The engine that app.module chose. */
export const LINE_STORE = Symbol('LINE_STORE');

/** Which life of which room's line a call is meant for. */
export interface LineRef {
  roomId: string;
  /** 1 for the first life; one more each time the line was rebuilt after a loss. */
  epoch: number;
  /** Random, made with the epoch. A store that does not hold it has lost the line. */
  incarnation: string;
}

/** The part of a room's settings that the line obeys. */
export interface LineSettings {
  /** The room's version in the database; an older one never replaces a newer one. */
  version: number;
  control: RoomControl;
  /** ms since the Unix epoch, by the store's clock. */
  opensAt: number;
  /** Most admissions per second, 0 to 10,000, in steps of 0.001. */
  ratePerSecond: number;
  /** Most students inside at once, 0 to 1,000,000. */
  capacity: number;
  /** How long an admission lasts, ms. */
  leaseMs: number;
  /** How long an away student keeps the place, ms. */
  graceMs: number;
  /** Grace runs also before the room has let anybody in, and while it is postponed. */
  graceBeforeOpening?: boolean;
  /** How long an admission waits for its acknowledgement, ms. */
  noShowMs: number;
  /** A lottery decides the order of those who come before the opening. Set when the room is made, never changed. */
  lottery?: boolean;
}

/** One live socket: the pod's incarnation (new at each start and after each fencing), and the socket's id there. */
export interface SocketRef {
  podId: string;
  socketId: string;
}

/** A socket, and whose it is. */
export interface StudentSocket extends SocketRef {
  studentId: string;
}

export interface JoinRequest {
  studentId: string;
  /** The socket that becomes present with the join. */
  socket: SocketRef;
  /** False: only come back to a ticket that still lives (a reconnect); never make a new one. */
  create: boolean;
  /** A signed ticket that the caller has verified, for the time after a loss. */
  presented?: { epoch: number; number: number; joinedAt: number };
}

export interface JoinOutcome {
  /**
   * `joined`: a new ticket at the tail. `attached`: the student had a live ticket, the socket now belongs to it.
   * `restored`: the presented ticket was younger than the trail and got its old place back. `gone`: `create` was false
   * and there is no live ticket; `ticket` is then the ended one, if the line still knows it.
   */
  outcome: 'joined' | 'attached' | 'restored' | 'gone';
  ticket?: Ticket;
  /** Feed sequence at the end of the call: a replica that has applied it knows everything this call saw. */
  sequence: number;
}

/** Who did it by hand, and why; goes to the trail. */
export interface OperatorAct {
  operator: string;
  /** The operator's reason, 1 to 200 characters. */
  note: string;
}

interface LineEventBase {
  /** Dense and increasing within an epoch, from 1. */
  sequence: number;
  /** Store time, ms. */
  at: number;
}

interface TicketEventBase extends LineEventBase {
  number: number;
  studentId: string;
}

/** What happened in the line, in order. The feed is the only source for replicas, tokens and the trail. */
export type LineEvent =
  | (TicketEventBase & {
      type: 'joined';
      /** The epoch in which the number was first issued; older than the line's when a ticket was restored. */
      ticketEpoch: number;
    })
  | (TicketEventBase & { type: 'away' | 'back' | 'acknowledged' })
  | (TicketEventBase & { type: 'admitted'; expiresAt: number; act?: OperatorAct })
  | (TicketEventBase & { type: 'ended'; reason: EndReason; act?: OperatorAct })
  | (LineEventBase & { type: 'settings'; settings: LineSettings })
  | (LineEventBase & { type: 'opened' })
  /** The lottery's list is closed: whoever waits is on it. Their numbers will be `entries` numbers from `firstNumber`. */
  | (LineEventBase & { type: 'frozen'; entries: number; firstNumber: number })
  /** `number` is the new one, `entry` the one under which the student had entered the lottery. */
  | (TicketEventBase & { type: 'drawn'; entry: number })
  /** Everybody has been drawn. */
  | (LineEventBase & { type: 'settled'; entrantsHash: string })
  /** Of a pod newer than this one: it has its place in the order, and nothing is made of it. `fields` as the feed says them. */
  | UnknownEvent;

export type UnknownEvent = LineEventBase & { type: 'unknown'; name: string; fields: Readonly<Record<string, string>> };

/** What the lottery gives one entrant. */
export interface LotteryMove {
  studentId: string;
  entry: number;
  /** Of those that the `frozen` event set aside. */
  number: number;
}

/** What one pod knows of a line from earlier: a store that knows less has lost its tail. */
export interface FeedReport {
  podId: string;
  /** Highest feed sequence that the pod has seen or acknowledged; 0 for none. */
  sequence: number;
  /** The server on which it saw that, as `LineStanding` named it; '' for none. */
  server: string;
  /** Highest number of this epoch that a student has presented a signed ticket for; 0 for none. */
  number: number;
  /** Highest feed sequence that it has seen since it was last told `held`, on whichever server; 0 for none. */
  latest: number;
}

export interface LineStanding {
  /**
   * `held`: the store holds this very line, ready, with all that anybody has seen of it. `unsure`: its server was
   * started anew or exchanged, and not every pod has said yet what it has seen: ask again; until then every other call
   * rejects with `line_unavailable`. `lost`: the line, or its tail, is gone; it stays shut for everyone.
   */
  state: 'held' | 'unsure' | 'lost';
  /** Which server, in which life of its data, says so. */
  server: string;
}

export interface LineSnapshot {
  epoch: number;
  /** Feed sequence that this snapshot includes. */
  sequence: number;
  durableSequence: number;
  /** The number of bit 0 of `waiting`. */
  baseNumber: number;
  /** The number that the next join will get. */
  nextNumber: number;
  /**
   * Bit i (most significant bit of each byte first) is set while number `baseNumber + i` waits. Trailing zero bytes may
   * be absent.
   */
  waiting: Uint8Array;
  settings: LineSettings;
  state: RoomState;
  recoveringUntil: number;
  /** A lottery will still change the order. */
  drawPending?: boolean;
  /** As in `OpenOptions`: below and at it, every number that waits is known from the start. */
  restoredThrough: number;
  /** Store time, ms. */
  now: number;
}

export interface FeedPage {
  /** In order, without gaps, starting right after the sequence that was asked for; empty when the wait was over. */
  events: LineEvent[];
  /** Everything up to here is in the trail. */
  durableSequence: number;
  /** Which pod said so last; '' when none has yet. */
  durableBy: string;
  /** True when events after the asked sequence are no longer there: take a snapshot and go on from it. */
  trimmed: boolean;
}

export interface TickOutcome {
  /** Store time, ms. */
  now: number;
  state: RoomState;
  /** How many this call admitted. */
  admitted: number;
  waiting: number;
  /** How many of the waiting have a live socket. */
  present: number;
  inside: number;
  sequence: number;
  durableSequence: number;
  /** More work is due at once: the call stopped at its bound. */
  more: boolean;
  /** This pod is not (or no longer) registered: it must take a new incarnation, register, and attach its sockets again. */
  fenced: boolean;
  /** Nobody's place ends for being away, for now. */
  graceStands: boolean;
  /** The lottery's list is closed, and the numbers are to be drawn by `draw`. */
  drawDue: boolean;
  /** Pods whose heartbeat is overdue and which still own sockets: call `fencePod` for each. */
  deadPods: string[];
}

/** A ticket of an earlier epoch as the trail knows it. */
export type RestoredTicket =
  | { studentId: string; epoch: number; number: number; joinedAt: number; state: 'waiting' }
  /** Only its number counts: it is spent, and nobody comes back to it. */
  | { studentId: string; epoch: number; number: number; joinedAt: number; state: 'ended' }
  | {
      studentId: string;
      epoch: number;
      number: number;
      joinedAt: number;
      state: 'admitted';
      expiresAt: number;
      acknowledged: boolean;
    };

export interface OpenOptions {
  settings: LineSettings;
  /** First number that this epoch will issue; above every number an earlier epoch can have issued. */
  firstNumber: number;
  /** Lowest number of any restored ticket (= firstNumber when there is none). */
  baseNumber: number;
  /**
   * Highest number the trail knows; a presented ticket at or below it is judged by the trail, never restored. 0 for a
   * first epoch.
   */
  restoredThrough: number;
  /** The room's lottery, if it has one, was settled in an earlier epoch. */
  drawn?: boolean;
}

/** Bounds of the line; the store refuses or pages beyond them. */
export const LINE_LIMITS = {
  /** Events that may wait for the trail before joins are refused with `line_full`. */
  feedBacklog: 100_000,
  /** Newest events that stay in the feed though they are in the trail, so that a replica that lags a little catches up. */
  feedKept: 10_000,
  /** Live sockets of one ticket. */
  socketsPerTicket: 16,
  /** Tickets that one sweep or one admission round of `tick` handles; `more` says that it stopped there. */
  tickBatch: 1_000,
  /** Longest gap between two ticks that is still normal, ms; after a longer one deadlines move by the gap. */
  stallMs: 2_000,
  /**
   * A pod whose last written heartbeat is older is dead, ms. Counted in line time, which stands still while nobody ticks.
   * For so long, too, a server that was started anew waits for every pod to say what it has seen.
   */
  podTimeoutMs: 5_000,
  /**
   * A tick writes the pod's heartbeat at most this often, ms: a silent pod is dead after the timeout, or up to this
   * later.
   */
  heartbeatMs: 1_000,
  /** Oldest event that may be missing from the trail before nobody is admitted, ms. */
  trailLagMs: 3_000,
} as const;

/** The bounds of one store; tests shrink them to reach them. */
export type LineLimits = Record<keyof typeof LINE_LIMITS, number>;

/**
 * The line of every room. Two engines: memory/ (embedded) and redis/ (clustered). One contract suite holds both.
 *
 * Guarantees of every engine:
 * - Every method is atomic, and safe to run twice with the same arguments (an in-flight command may be sent again after
 *   a reconnect): the second run changes nothing and gives the same answer in substance.
 * - Order, time and numbers are the store's own; callers pass neither.
 * - Every change appends its events to the feed in the same atomic step. Each event has the next sequence.
 * - A call whose `LineRef` is not the one that the store holds changes nothing and rejects with `line_recovering`.
 * - A store that cannot be reached rejects with `line_unavailable`. The call may or may not have happened.
 * - A line whose server was started anew or exchanged rejects with `line_unavailable` until `check` has found it whole.
 *
 * Grace stands until the first student is let in by the line itself, and while the room is `scheduled` again, unless the
 * settings say otherwise; whoever is away when it begins to run has all of it from then on.
 *
 * Deadlines of grace, no-show and pods run in line time: store time less all the gaps of more than `stallMs` between
 * two ticks. A stall, in which nobody could tick or reconnect, therefore expires nobody. Leases end by store time.
 */
export interface LineStore {
  /**
   * Makes the line of a new epoch, not yet ready; its first event says the settings. Calling it again for the same ref
   * is harmless. Until it is ready only `restore`, `ready`, `check`, `discard`, `configure`, `register`, `find`,
   * `snapshot`, `readFeed` and `markDurable` are answered; the others reject with `line_recovering`.
   */
  open(line: LineRef, options: OpenOptions): Promise<void>;

  /**
   * Puts tickets of earlier epochs into a line that is not ready yet; once it is ready this changes nothing. The waiting
   * come back as away, the admitted with an admission event of this epoch. A student who has a ticket already, and a
   * number that is taken, are left out. The feed gets the events that replicas and the trail need to know the same.
   *
   * @throws DomainError `invalid_input` for more than 1,000 tickets, or a number outside `baseNumber` to `firstNumber`
   */
  restore(line: LineRef, tickets: RestoredTicket[]): Promise<void>;

  /**
   * Declares the line complete. For `recoverForMs` from now it is `recovering`: joins are taken, nobody is admitted, no
   * grace and no no-show ends. 0 = none. Calling it again does not prolong it.
   */
  ready(line: LineRef, recoverForMs: number): Promise<void>;

  /**
   * Whether the store holds this very line, ready, with all that the pod has seen of it. Never rejects with
   * `line_recovering`.
   *
   * @param durableSequence highest sequence in the trail, when the caller has looked; only then does the pod's word
   * count towards letting a line go on whose server was started anew
   */
  check(line: LineRef, report: FeedReport, durableSequence?: number): Promise<LineStanding>;

  /**
   * Frees everything of a line that is no longer used (an older epoch, a room that was deleted). Harmless when it is
   * gone.
   */
  discard(line: LineRef): Promise<void>;

  /** Takes over newer settings (by version) and says so in the feed; older or equal ones are ignored. */
  configure(line: LineRef, settings: LineSettings): Promise<void>;

  /**
   * Makes a pod's incarnation known, so that it may attach sockets.
   *
   * @returns whether it was not known until now, and so owns no sockets
   * @throws DomainError `pod_fenced` while that incarnation is being taken off
   */
  register(line: LineRef, podId: string): Promise<boolean>;

  /**
   * One place per student: gives the live ticket if there is one, else (when `create`) a new one at the tail, and makes
   * the socket present. An admitted student who joins gets the admitted ticket. A presented ticket comes back only
   * while the line is recovering, from an earlier epoch, with a number that the trail cannot know (above
   * `restoredThrough`, below `firstNumber`) and that nobody has, for a student of whom this epoch knows nothing.
   *
   * @throws DomainError `room_draining`, `room_closed`; `line_full`; `too_many_sockets`; `pod_fenced` when the pod is
   * not registered; `line_recovering` also when the presented ticket is of this epoch and its number was not issued yet:
   * the store has lost its tail
   */
  join(line: LineRef, request: JoinRequest): Promise<JoinOutcome>;

  /**
   * Sockets are gone. A waiting ticket is away only when it was the last one, of any pod; an admitted one stays as it is.
   * Unknown sockets are ignored.
   *
   * @throws DomainError `invalid_input` for more than 500 sockets
   */
  detach(line: LineRef, gone: readonly StudentSocket[]): Promise<void>;

  /**
   * Ends a ticket for `left`, `finished` or `removed`; with `only`, not when it has gone in meanwhile. A number that is not
   * the student's live ticket, or a reason that its state does not allow, changes nothing. Whatever ends a ticket also
   * forgets its sockets: a student who comes back joins with each socket anew.
   *
   * @returns the ticket as it is now, if the line knows the student
   */
  end(
    line: LineRef,
    ticket: { studentId: string; number: number; only?: 'waiting' },
    reason: 'left' | 'finished' | 'removed',
    act?: OperatorAct,
  ): Promise<Ticket | undefined>;

  /**
   * A client of the student has seen the admission: it is no longer a no-show. Anything but that live admission is
   * ignored.
   */
  acknowledge(line: LineRef, ticket: { studentId: string; number: number }): Promise<void>;

  /**
   * An operator admits one waiting student by hand, whatever rate, capacity and presence say.
   *
   * @returns the ticket as it is now, if the line knows the student
   * @throws DomainError `line_recovering`, `room_closed` when the room's state prevents it
   */
  admitByHand(line: LineRef, studentId: string, act: OperatorAct): Promise<Ticket | undefined>;

  /** What the line knows of a student: the live ticket, or the last ended one. */
  find(line: LineRef, studentId: string): Promise<Ticket | undefined>;

  /**
   * Everything that time brings, in this order: a stall noticed; the pod's heartbeat; the opening; grace, no-shows and
   * leases that ended (or everyone's ticket, when closed); admissions. Any pod may call it at any moment, as often as
   * it likes: what it does depends only on the store's clock and the settings, so the outflow of all callers together
   * is the policy's.
   *
   * Admissions: the lowest present numbers first, as long as the token bucket (rate × elapsed time, no credit banked
   * while nobody could be admitted or in a stall) and the capacity allow, and the trail is not behind by more than
   * `trailLagMs`.
   *
   * A line whose parts contradict each other, because a part of it was taken away alone, is lost from then on.
   *
   * @param share what part of the rate the time since the last tick earns, 0 to 1 in steps of 0.001 (default 1): a pod
   * whose seat commits are in trouble lets in fewer. With several pods the outflow follows the mean of their shares.
   */
  tick(line: LineRef, podId: string, share?: number): Promise<TickOutcome>;

  /**
   * The lottery. While it is pending nobody is admitted but by hand; the first `tick` of a room that could admit closes
   * the list (`frozen`), and later joins get numbers above those set aside for it. `draw` then gives entrants their
   * numbers, at most 500 in one call; whoever waits no more under the entry is left out. The call with `entrantsHash`
   * is the last, after which the line opens by a `tick` as soon as the trail has everything up to there. Does nothing
   * unless a draw is due.
   *
   * @throws DomainError `invalid_input` for more than 500 moves, or a number that was not set aside
   */
  draw(line: LineRef, moves: LotteryMove[], entrantsHash?: string): Promise<void>;

  /**
   * Takes up to 1,000 students off a dead pod's sockets. A pod that has ticked since is left alone. Resolves to whether
   * more remain.
   */
  fencePod(line: LineRef, podId: string): Promise<boolean>;

  /** A consistent picture of who waits, and the feed sequence it belongs to. */
  snapshot(line: LineRef): Promise<LineSnapshot>;

  /**
   * The feed after `afterSequence`, at most `limit` (1 to 5,000) events, waiting up to `waitMs` (0 = not at all) until
   * there is one or `durableSequence` is above `knownDurable`.
   *
   * @throws DomainError `invalid_input` for a limit outside its range; `line_recovering` also when the feed does not
   * reach `afterSequence`: the store has lost its tail
   */
  readFeed(
    line: LineRef,
    afterSequence: number,
    options: { limit: number; waitMs: number; knownDurable: number },
  ): Promise<FeedPage>;

  /**
   * Everything up to `sequence` is in the trail; the feed may be trimmed up to there. Never goes back.
   *
   * @throws DomainError `line_recovering` when the feed is not that long: the store has lost its tail
   */
  markDurable(line: LineRef, sequence: number, podId: string): Promise<void>;

  /** Ends connections and waiting reads; they and every later call reject with `line_unavailable`. */
  close(): Promise<void>;
}
