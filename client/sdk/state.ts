import { reckon, type Reckoning } from '../../src/common/reckoning';
import type { SignedInStudent } from '../../src/contract/identity';
import type { WireError } from '../../src/contract/errors';
import type {
  LeftReason,
  LineAdmittedMessage,
  LineFlow,
  LinePositionMessage,
  LineTicketMessage,
  ShutOutReason,
} from '../../src/contract/line';
import type { RoomStateMessage, RoomView } from '../../src/contract/rooms';
import type { EnrolmentChangedMessage, SeatsLeftMessage, SeatsStoppedMessage } from '../../src/contract/seats';

export type Student = Pick<SignedInStudent, 'id' | 'name' | 'classYear'>;

/**
 * `idle`: not asked for. `connecting`: the first time. `reconnecting`: it was there, the service is being looked for.
 * `offline`: the device itself has no network. In the last two the server keeps the place for the grace.
 */
export type Connection = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline';

export interface WaitingPlace {
  phase: 'waiting';
  /** Before a lottery is drawn that of the entry, which decides nothing. */
  number: number;
  /**
   * 1 = next, as it is shown: told, and moved on by itself since. Never rises for the same number. Undefined while it is
   * withheld; `withheldBy` says why.
   */
  position?: number;
  /** By what it moves on; undefined while it stands until more is heard. */
  moving?: Reckoning;
  /** How many wait in the room, this student included. */
  total: number;
  /** The first position seen with this number. */
  startPosition?: number;
  /** Highest feed sequence seen. */
  sequence: number;
  /** Places per second lately, or as planned until the line shows its own; 0 when it stands. */
  speed: number;
  /** Server time of `speed`, ms: a line that stands sends no positions, so an old speed counts for nothing. */
  speedAt: number;
  /** What else decides how fast the line moves; undefined until the service has said it. */
  flow?: LineFlow;
}

export interface InsidePlace {
  phase: 'inside';
  number: number;
  /** Highest feed sequence seen. */
  sequence: number;
  /** The admission token; comes a moment after the ticket. */
  token?: string;
  /** Server time, ms; known with the token. */
  expiresAt?: number;
}

/** Where the student stands in the chosen room. */
export type Place =
  | { phase: 'none' }
  /** Asked for a place; `error` is why it is being tried again. */
  | { phase: 'joining'; error?: WireError }
  /** The room said no. */
  | { phase: 'refused'; error: WireError }
  | WaitingPlace
  | InsidePlace
  | { phase: 'ended'; reason: LeftReason; why?: ShutOutReason };

export interface SeatCount {
  left: number;
  /** Of the same moment; undefined where the service does not say it. */
  capacity?: number;
  /** A count with a lower version is older. */
  version: number;
}

/** Something that happened to the student's seats without the student: a promotion, an offer, an act of the registrar. */
export interface EnrolmentNews {
  /** Of this browser's own count. */
  id: number;
  termId: string;
  sectionId: string;
  state: EnrolmentChangedMessage['changes'][number]['state'];
  by: 'promotion' | 'operator';
  /** The wait ended because the class takes nobody any more. */
  closed?: true;
}

export interface SunbeonState {
  connection: Connection;
  student?: Student;
  /** Set when the last sign-in ended by itself. */
  signInEnded: boolean;
  room?: RoomStateMessage;
  place: Place;
  seats: ReadonlyMap<string, SeatCount>;
  /** Rises whenever the student's enrolments changed, here or in another tab: read them again. */
  enrolmentChanges: number;
  /** What the student has not put away yet, oldest first; one per section. */
  news: readonly EnrolmentNews[];
  /** Terms whose seats an operator has stopped: by the socket, and without one by the list of rooms. */
  stops: SeatsStoppedMessage['terms'];
}

export const INITIAL_STATE: SunbeonState = {
  connection: 'idle',
  signInEnded: false,
  place: { phase: 'none' },
  seats: new Map(),
  enrolmentChanges: 0,
  news: [],
  stops: [],
};

export type StateEvent =
  | { type: 'connection'; connection: Connection }
  | { type: 'signed-in'; student: Student }
  | { type: 'signed-out'; ended: boolean }
  | { type: 'room'; message: RoomStateMessage }
  | { type: 'room-left' }
  | { type: 'joining'; error?: WireError }
  | { type: 'refused'; error: WireError }
  | { type: 'ticket'; message: LineTicketMessage; saved?: { number: number; startPosition: number; position: number } }
  | { type: 'position'; message: LinePositionMessage }
  /** Time has passed; `now` is the server's, ms. */
  | { type: 'moved'; now: number }
  | { type: 'admitted'; message: LineAdmittedMessage }
  | { type: 'ended'; reason: LeftReason; why?: ShutOutReason }
  | { type: 'seats'; message: SeatsLeftMessage }
  /** Without a message: what this client asked for was answered. */
  | { type: 'enrolments-changed'; message?: EnrolmentChangedMessage }
  | { type: 'stops'; stops: SeatsStoppedMessage['terms'] }
  | { type: 'news-read'; id: number };

const plannedSpeed = ({ ratePerSecond, serverTime }: RoomStateMessage) => ({
  speed: ratePerSecond,
  speedAt: serverTime,
});

/** In line, or inside. */
export const hasPlace = (place: Place): place is WaitingPlace | InsidePlace =>
  place.phase === 'waiting' || place.phase === 'inside';

/** Whether a lottery of the room will still decide the order of those who come before the opening. */
export const isDrawPending = ({ lottery }: Pick<RoomStateMessage, 'lottery'>): boolean =>
  lottery !== undefined && lottery.seed === undefined;

const isShutOut = ({ code }: WireError): boolean => code === 'room_closed' || code === 'room_draining';

/** Until when the room keeps the place of one whose connection was lost at `lostAt`, at least; server time, ms. */
export function placeKeptUntil(
  { graceMs, graceStands, opensAt }: Pick<RoomStateMessage, 'graceMs' | 'graceStands' | 'opensAt'>,
  lostAt: number,
): number | undefined {
  return graceMs === undefined ? undefined : Math.max(lostAt, graceStands ? opensAt : lostAt) + graceMs;
}

/** Whether the room gives out numbers, be it for a line that stands. */
export const isJoinable = ({ state }: Pick<RoomStateMessage, 'state'>): boolean =>
  state !== 'closed' && state !== 'draining';

/** Why no position is shown to one who waits: its lottery is not drawn yet, or the line is being restored. */
export function withheldBy(
  { state, lottery }: Pick<RoomStateMessage, 'state' | 'lottery'>,
  { position }: Pick<WaitingPlace, 'position'>,
): 'lottery' | 'recovery' | undefined {
  if (position !== undefined) return undefined;
  return lottery && state !== 'recovering' ? 'lottery' : 'recovery';
}

/** From where the number moves on, when the service has said how fast. */
function movingFrom(position: number, at: number, pace: number | undefined): Reckoning | undefined {
  return pace === undefined || position === 0 ? undefined : { position, at, pace };
}

/** It stands where it is until more is heard: nobody knows how the line moves without the service, or a room that is open. */
const standing = (place: WaitingPlace): WaitingPlace => (place.moving ? { ...place, moving: undefined } : place);

/** Where the number has moved by now. Those who were ahead are not among those who wait any more. */
function placeMoved(place: WaitingPlace, now: number): WaitingPlace {
  if (!place.moving || place.position === undefined) return place;
  const gone = place.position - reckon(place.moving, now);
  return gone > 0 ? { ...place, position: place.position - gone, total: place.total - gone } : place;
}

type TicketEvent = Extract<StateEvent, { type: 'ticket' }>;

/** Positions that are known; the service says 0 where it does not know yet. */
const known = (...positions: (number | undefined)[]): number[] =>
  positions.filter((one): one is number => one !== undefined && one > 0);

/** The ticket speaks with authority, but a number once shown does not rise. */
function placeFromTicket(place: Place, { message, saved }: TicketEvent): Place {
  const { number, position, total, sequence } = message;
  if (place.phase === 'inside' && place.number === number) return place;
  if (message.state === 'admitted') return { phase: 'inside', number, sequence };
  const shown = place.phase === 'waiting' && place.number === number ? place : undefined;
  const kept = saved?.number === number ? saved : undefined;
  const positions = known(position, shown?.position, kept?.position);
  const lowest = positions.length > 0 ? Math.min(...positions) : undefined;
  const [start] = known(shown?.startPosition, kept?.startPosition, position);
  return {
    phase: 'waiting',
    number,
    position: lowest,
    moving: movingFrom(position, message.room.serverTime, message.pace),
    total: Math.max(total, lowest ?? 0),
    startPosition: lowest === undefined ? undefined : Math.max(start ?? lowest, lowest),
    sequence,
    ...(shown ? { speed: shown.speed, speedAt: shown.speedAt } : plannedSpeed(message.room)),
    flow: message.flow ?? shown?.flow,
  };
}

/** A position older than what is shown is dropped; a higher one, should there ever be one, is not shown. */
function placeFromPosition(place: Place, message: LinePositionMessage): Place {
  if (place.phase !== 'waiting' || message.sequence < place.sequence) return place;
  const position = Math.min(place.position ?? message.position, message.position);
  return {
    ...place,
    position,
    moving: movingFrom(message.position, message.at, message.pace),
    startPosition: place.startPosition ?? position,
    total: Math.max(message.total, position),
    sequence: message.sequence,
    speed: message.speed,
    speedAt: message.at,
    flow: message.flow ?? place.flow,
  };
}

/** While a lost line is rebuilt its feed begins anew, so the next sequence may be lower. */
function placeInRoom(place: Place, message: RoomStateMessage, before?: RoomStateMessage): Place {
  // The room that said no is open again.
  if (place.phase === 'refused' && isShutOut(place.error) && isJoinable(message)) return { phase: 'none' };
  if (place.phase !== 'waiting') return place;
  const moves = message.state === 'open' || message.state === 'draining';
  const starts = moves && before?.state !== 'open' && before?.state !== 'draining';
  return {
    // It has moved on until that moment, as the service takes it to have.
    ...(moves ? place : standing(placeMoved(place, message.serverTime))),
    ...(starts ? plannedSpeed(message) : {}),
    sequence: message.state === 'recovering' ? 0 : place.sequence,
  };
}

/** Takes over the counts that are newer than the known ones; the same map when none is. */
export function withSeats(
  seats: ReadonlyMap<string, SeatCount>,
  message: SeatsLeftMessage,
): ReadonlyMap<string, SeatCount> {
  const newer = message.seats.filter(([sectionId, , version]) => version > (seats.get(sectionId)?.version ?? -1));
  if (newer.length === 0) return seats;
  const next = new Map(seats);
  for (const [sectionId, left, version, capacity] of newer) next.set(sectionId, { left, version, capacity });
  return next;
}

/** The stops of which the list of rooms tells, one per term. */
export function stopsIn(rooms: readonly Pick<RoomView, 'termId' | 'seatsStopped'>[]): SunbeonState['stops'] {
  const stops = rooms.flatMap(({ termId, seatsStopped }) => (seatsStopped ? [{ termId, ...seatsStopped }] : []));
  return [...new Map(stops.map((stop) => [stop.termId, stop])).values()];
}

/** More than one message can carry: so that ids of news never meet. */
const MOST_CHANGES = 1000;

/** What a student does is answered where it is done; only what happened without them is news. */
function withNews({ news, enrolmentChanges }: SunbeonState, { termId, changes }: EnrolmentChangedMessage) {
  const come = changes.flatMap(({ sectionId, state, by, closed }, index): EnrolmentNews[] =>
    by === 'promotion' || by === 'operator'
      ? [{ id: enrolmentChanges * MOST_CHANGES + index, termId, sectionId, state, by, ...(closed ? { closed } : {}) }]
      : [],
  );
  const replaced = new Set(changes.map(({ sectionId }) => sectionId));
  return come.length === 0 && !news.some(({ sectionId }) => replaced.has(sectionId))
    ? news
    : [...news.filter(({ sectionId }) => !replaced.has(sectionId)), ...come];
}

/** The next state; the same object when nothing changed. Pure. */
export function reduce(state: SunbeonState, event: StateEvent): SunbeonState {
  switch (event.type) {
    case 'connection': {
      if (state.connection === event.connection) return state;
      const { connection } = event;
      return { ...state, connection, place: state.place.phase === 'waiting' ? standing(state.place) : state.place };
    }
    case 'signed-in':
      return { ...state, student: event.student, signInEnded: false };
    case 'signed-out':
      return { ...INITIAL_STATE, signInEnded: event.ended };
    case 'room':
      return { ...state, room: event.message, place: placeInRoom(state.place, event.message, state.room) };
    case 'room-left':
      return { ...state, room: undefined, place: { phase: 'none' } };
    case 'joining':
      return { ...state, place: { phase: 'joining', error: event.error } };
    case 'refused':
      return { ...state, place: { phase: 'refused', error: event.error } };
    case 'ticket':
      return { ...state, room: event.message.room, place: placeFromTicket(state.place, event) };
    case 'position': {
      const place = placeFromPosition(state.place, event.message);
      return place === state.place ? state : { ...state, place };
    }
    case 'moved': {
      if (state.place.phase !== 'waiting') return state;
      const place = placeMoved(state.place, event.now);
      return place === state.place ? state : { ...state, place };
    }
    case 'admitted': {
      const { number, token, expiresAt, sequence: admitted = 0 } = event.message;
      const sequence = Math.max(admitted, hasPlace(state.place) ? state.place.sequence : 0);
      return { ...state, place: { phase: 'inside', number, token, expiresAt, sequence } };
    }
    case 'ended': {
      const { reason, why } = event;
      return { ...state, place: { phase: 'ended', reason, ...(why && { why }) } };
    }
    case 'seats': {
      const seats = withSeats(state.seats, event.message);
      return seats === state.seats ? state : { ...state, seats };
    }
    case 'stops':
      return state.stops.length + event.stops.length === 0 ? state : { ...state, stops: event.stops };
    case 'enrolments-changed':
      return {
        ...state,
        enrolmentChanges: state.enrolmentChanges + 1,
        news: event.message ? withNews(state, event.message) : state.news,
      };
    case 'news-read':
      return { ...state, news: state.news.filter(({ id }) => id !== event.id) };
  }
}
