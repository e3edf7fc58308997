/**
 * Everything that is said over a socket, typed. Shared with the browser, the load tools and whoever writes a client.
 * Times are ms since the Unix epoch by the server's clock unless they say otherwise.
 *
 * Order on one socket: what an act promises comes after its answer (`line:ticket` after a join, and `line:admitted` after
 * that; `line:left` after leaving or finishing; the counts of `seats:watch`). What tells of changes to all of a student's
 * sockets (`enrolment:changed`, `cart:changed`) may come before the answer to the act that made them, or after it.
 */

export type RoomStateName = 'scheduled' | 'open' | 'paused' | 'recovering' | 'draining' | 'closed';

export type LeftReason = 'left' | 'away' | 'removed' | 'no_show' | 'finished' | 'expired' | 'closed';

export interface WireError {
  code: string;
  message: string;
  /** The same request may succeed later as it is. */
  retryable: boolean;
  details?: Record<string, unknown>;
}

export type Reply<T extends object = object> = ({ ok: true } & T) | { ok: false; error: WireError };

/** What decides how fast a line moves, besides who leaves it: enough to say how long the wait may be. */
export interface LineFlow {
  /** Students inside now, and the most there may be: when it is full, the line moves as students finish. */
  inside: number;
  capacity: number;
  /** Most admissions per second now; less than the room's while seat commits are in trouble. */
  ratePerSecond: number;
  /** How long students stay inside on average, ms: measured, and as far apart as is not known yet. */
  stayMs: { least: number; most: number };
  /** How long those inside have been there on average, ms. */
  ageMs: number;
}

/** After a join or a resume, and once more when a lottery has given the place its number. */
export interface LineTicketMessage {
  roomId: string;
  /** The signed ticket: keep it, and present it when you come back. */
  ticket: string;
  /** Before a lottery is drawn the number of the entry, which decides nothing; this ticket stays good after the draw. */
  number: number;
  state: 'waiting' | 'admitted';
  /**
   * 1 = next; 0 once admitted, and while waiting in a room that is `recovering`, or whose lottery is not drawn, when it
   * is not known for sure: what was shown before still holds, and `line:position` follows.
   */
  position: number;
  /** How many wait in the room, this student included. */
  total: number;
  /** Feed sequence that the position includes; give it back as `seenSequence` when you resume. */
  sequence: number;
  /** Missing once admitted; `line:position` tells when it changes. */
  flow?: LineFlow;
  room: RoomStateMessage;
}

/** At most once a second while it changes; never rises. */
export interface LinePositionMessage {
  roomId: string;
  position: number;
  total: number;
  sequence: number;
  /** When the position was taken. */
  at: number;
  /** How fast the line moved lately, places per second; 0 when it stands. */
  speed: number;
  /** When it has changed since this socket was last told; also while the position stands. */
  flow?: LineFlow;
}

/** Acknowledge it (socket.io acknowledgement): an admission that nobody acknowledged is a no-show. */
export interface LineAdmittedMessage {
  roomId: string;
  number: number;
  /** The admission token (JWT, ES256), proof for seat commits and for other sites behind the room. */
  token: string;
  expiresAt: number;
  serverTime: number;
}

export interface LineLeftMessage {
  roomId: string;
  reason: LeftReason;
}

/** To every socket that has asked for a place in the room, whether it has one (still) or not. */
export interface RoomStateMessage {
  roomId: string;
  termId: string;
  name: string;
  state: RoomStateName;
  opensAt: number;
  /** The operator's notice to the students; '' for none. */
  notice: string;
  ratePerSecond: number;
  /** How long the place of a student without any socket is kept, ms. */
  graceMs?: number;
  /** Not yet: until the room begins to let in, being away costs nothing; the whole grace runs from then on. */
  graceStands?: true;
  /**
   * Only in a room with a lottery for those who come before the opening: SHA-256 of its seed, and the seed itself once
   * the numbers are drawn.
   */
  lottery?: { seedHash: string; seed?: string };
  /** This pod cannot reach the line now; another one may. */
  unreachable?: true;
  serverTime: number;
}

export interface SeatsLeftMessage {
  termId: string;
  /** [section id, seats left, version, capacity where it is known]: ignore an entry whose version is not above the last one you saw for the section. */
  seats: [sectionId: string, left: number, version: number, capacity?: number][];
}

/** All terms whose seats an operator has stopped; none of them is left out. On connecting only when there is one. */
export interface SeatsStoppedMessage {
  terms: {
    termId: string;
    /** Why, in the operator's words. */
    reason: string;
    stoppedAt: number;
  }[];
}

export type EnrolmentState = 'enrolled' | 'dropped' | 'waitlisted' | 'offered' | 'none';

export interface EnrolmentChangedMessage {
  termId: string;
  changes: {
    sectionId: string;
    /** `none`: on no waitlist any more (left, or the offer expired). */
    state: EnrolmentState;
    by: 'commit' | 'drop' | 'swap' | 'waitlist' | 'promotion' | 'operator';
    /** The wait ended because the section takes nobody any more. */
    closed?: true;
  }[];
}

/** To all of the student's sockets, the changing tab's too: read the cart again if you know an older version. */
export interface CartChangedMessage {
  termId: string;
  version: number;
}

export interface ServerDrainingMessage {
  /** Come back after this many ms; every socket is told its own. */
  reconnectInMs: number;
}

export interface ServerToClientEvents {
  'line:ticket': (message: LineTicketMessage) => void;
  'line:position': (message: LinePositionMessage) => void;
  'line:admitted': (message: LineAdmittedMessage, acknowledge: () => void) => void;
  'line:left': (message: LineLeftMessage) => void;
  'room:state': (message: RoomStateMessage) => void;
  'seats:left': (message: SeatsLeftMessage) => void;
  'seats:stopped': (message: SeatsStoppedMessage) => void;
  'enrolment:changed': (message: EnrolmentChangedMessage) => void;
  'cart:changed': (message: CartChangedMessage) => void;
  'server:draining': (message: ServerDrainingMessage) => void;
}

export interface LineJoinRequest {
  roomId: string;
  /** The signed ticket of an earlier join, if there is one. */
  ticket?: string;
  /** True after a reconnect or reload: come back to the place, never take a new one. */
  resume?: boolean;
  /** Highest `sequence` seen so far; no position older than it will be shown. */
  seenSequence?: number;
}

export interface SectionOutcome {
  sectionId: string;
  /** `left`: waits no longer. `kept`: the seat that was to be swapped away. `changed`: only to operators. */
  outcome: 'enrolled' | 'dropped' | 'waitlisted' | 'left' | 'kept' | 'changed' | 'refused';
  /** On the waitlist, when it was joined; 1 = next. */
  position?: number;
  /** Only when refused. */
  error?: WireError;
}

export interface EnrolmentCommitRequest {
  termId: string;
  /** In order of preference, 1 to 20. */
  sectionIds: string[];
  /** The admission token. */
  admission: string;
  /**
   * 1 to 64 characters of your own. Once something has changed by it, the same key with the same request is answered the
   * same for a week, and changes nothing more; what was refused is decided again.
   */
  idempotencyKey: string;
}

export interface EnrolmentDropRequest {
  termId: string;
  sectionId: string;
  idempotencyKey: string;
}

/** Both or neither; two results, of the dropped and of the taken section. */
export interface EnrolmentSwapRequest {
  termId: string;
  dropSectionId: string;
  takeSectionId: string;
  admission: string;
  idempotencyKey: string;
}

export interface WaitlistJoinRequest {
  termId: string;
  sectionId: string;
  admission: string;
  idempotencyKey: string;
}

/** To leave a waitlist (or decline an offer), and to accept an offer. Neither needs an admission. */
export interface WaitlistRequest {
  termId: string;
  sectionId: string;
  idempotencyKey: string;
}

type Acknowledge<T extends object = object> = (reply: Reply<T>) => void;

export interface ClientToServerEvents {
  /** The answer says how it went; `line:ticket` follows on this socket when it went well. */
  'line:join': (request: LineJoinRequest, acknowledge: Acknowledge<{ state: 'waiting' | 'admitted' }>) => void;
  /** `line:left` follows the answer on this socket. */
  'line:leave': (request: { roomId: string }, acknowledge: Acknowledge) => void;
  /** `line:left` follows the answer on this socket. */
  'admission:finish': (request: { roomId: string }, acknowledge: Acknowledge) => void;
  /** Replaces the sections this socket watches (0 to 100); `seats:left` follows the answer at once, and on every change. */
  'seats:watch': (request: { termId: string; sectionIds: string[] }, acknowledge: Acknowledge) => void;
  'enrolment:commit': (
    request: EnrolmentCommitRequest,
    acknowledge: Acknowledge<{ results: SectionOutcome[] }>,
  ) => void;
  'enrolment:drop': (request: EnrolmentDropRequest, acknowledge: Acknowledge<{ results: SectionOutcome[] }>) => void;
  'enrolment:swap': (request: EnrolmentSwapRequest, acknowledge: Acknowledge<{ results: SectionOutcome[] }>) => void;
  'waitlist:join': (request: WaitlistJoinRequest, acknowledge: Acknowledge<{ results: SectionOutcome[] }>) => void;
  'waitlist:leave': (request: WaitlistRequest, acknowledge: Acknowledge<{ results: SectionOutcome[] }>) => void;
  'waitlist:accept': (request: WaitlistRequest, acknowledge: Acknowledge<{ results: SectionOutcome[] }>) => void;
}
