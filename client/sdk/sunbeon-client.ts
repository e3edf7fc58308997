import type { MailLanguage, ServiceConfig } from '../../src/contract/identity';
import type { RoomView } from '../../src/contract/rooms';
import type { EnrolmentChangedMessage, SectionOutcome } from '../../src/contract/seats';
import { ServiceApi, type SsoToken } from './api';
import { CartKeeper } from './cart-keeper';
import { ServiceConnection } from './connection';
import { LineSession } from './line-session';
import { MovingNumber } from './moving-number';
import { type ClientPace, PAGE_PACE } from './pace';
import { Tries } from './retry';
import { SavedPlaces } from './saved-place';
import { granted, SeatRequests } from './seat-requests';
import type { ClientWitness, SunbeonSocket, Transport } from './socket';
import { browserStorage } from './storage';
import type { KeyValueStorage } from './surroundings';
import { ServerClock } from './server-clock';
import { INITIAL_STATE, reduce, type StateEvent, stopsIn, type Student, type SunbeonState } from './state';

export interface SunbeonClientOptions {
  /** Origin of the service; '' (the default) is the page's own. */
  url?: string;
  /** Where places are remembered over reloads; the browser's localStorage when there is one. */
  storage?: KeyValueStorage;
  /** Least time between two steps in which the position moves on between messages, ms; Infinity: with messages only. */
  stepMs?: number;
  /** How patient it is; as a page by default. */
  pace?: Partial<ClientPace>;
  /** How the socket may connect, best first; a WebSocket by default, or else long-polling. */
  transports?: Transport[];
  /** For tools that judge the service. */
  witness?: ClientWitness;
}

type Listener = (state: SunbeonState) => void;

/** Ten steps a second look smooth. */
const STEP_MS = 100;
/** At most this many sections are watched at once. */
const MOST_WATCHED = 100;

/**
 * Everything a student's client does, without a framework: sign in, take and keep a place, be let in, enrol.
 *
 * Read `state`, and `subscribe` to its changes; every change is a new object. Calls that ask something of the service throw
 * SunbeonError. Losing the network is not an error: the client reconnects by itself and resumes the place.
 */
export class SunbeonClient {
  readonly clock = new ServerClock();
  readonly api: ServiceApi;
  private token?: string;
  private longestBackoffMs: number;
  private current: SunbeonState = INITIAL_STATE;
  private readonly listeners = new Set<Listener>();
  private readonly connection: ServiceConnection;
  private readonly line: LineSession;
  private readonly number: MovingNumber;
  /** Requests for seats, answered section by section. */
  readonly seats: SeatRequests;
  private readonly tries: Tries;
  /** Offers taken here: the seat that comes of one is no news. */
  private readonly accepted = new Set<string>();
  private readonly carts = new Map<string, CartKeeper>();
  private watched: { termId: string; sectionIds: string[] } = { termId: '', sectionIds: [] };

  constructor(options: SunbeonClientOptions = {}) {
    const { url = '', transports, witness } = options;
    const pace = { ...PAGE_PACE, ...options.pace };
    this.longestBackoffMs = pace.longestBackoffMs;
    this.api = new ServiceApi(
      url,
      this.clock,
      () => this.token,
      () => this.current.student && this.endSignIn(),
      pace.httpAnswerMs,
    );
    this.tries = new Tries(pace.retry);
    this.connection = new ServiceConnection({
      ...{ url, pace, transports, witness },
      token: () => this.token,
      onChange: (connection) => this.dispatch({ type: 'connection', connection }),
      onUp: () => this.handleUp(),
      onSignInNeeded: () => this.endSignIn(),
      onRefused: (error) => this.line.handleNoConnection(error),
      askDoor: () => this.api.retryInMs(),
      longestBackoffMs: () => this.longestBackoffMs,
      listen: (socket) => this.listen(socket),
    });
    this.line = new LineSession({
      connection: this.connection,
      places: new SavedPlaces(options.storage ?? browserStorage('local')),
      state: () => this.current,
      dispatch: (event) => this.dispatch(event),
      ...{ pace, tries: this.tries },
    });
    this.number = new MovingNumber({
      state: () => this.current,
      now: () => this.clock.now(),
      move: () => this.move(),
      stepMs: options.stepMs ?? STEP_MS,
    });
    this.seats = new SeatRequests({
      connection: this.connection,
      api: this.api,
      admission: () => (this.current.place.phase === 'inside' ? this.current.place.token : undefined),
      onAnswer: () => this.dispatch({ type: 'enrolments-changed' }),
      ...{ attempts: pace.seatAttempts, tries: this.tries },
    });
  }

  get state(): SunbeonState {
    return this.current;
  }

  /** Calls `listener` after every change; the returned function stops that. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Asks the service how it wants to be used; call it first. */
  async start(): Promise<ServiceConfig> {
    const config = await this.api.config();
    this.longestBackoffMs = config.reconnectDelayMaxMs ?? this.longestBackoffMs;
    return config;
  }

  /** Picks up a sign-in that the browser still has (its cookie). Undefined when there is none. */
  async restoreSignIn(): Promise<Student | undefined> {
    const student = await this.api.me();
    if (student) this.dispatch({ type: 'signed-in', student });
    return student;
  }

  /** @param language of the mails; that of the browser by default */
  async signInDemo(studentId: string, name: string, language?: MailLanguage): Promise<void> {
    this.acceptSignIn(await this.api.signInDemo(studentId, name, language));
  }

  /** @param language as in `signInDemo` */
  async signInSso(ssoToken: SsoToken, language?: MailLanguage): Promise<void> {
    this.acceptSignIn(await this.api.signInSso(ssoToken, language));
  }

  /** Uses a sign-in token from elsewhere (load tools, tests). */
  acceptSignIn({ token, student }: { token: string; student: Student }): void {
    this.token = token;
    this.dispatch({ type: 'signed-in', student });
  }

  async signOut(): Promise<void> {
    await this.api.signOut();
    this.forgetSignIn(false);
  }

  /** Ends all of the student's sign-ins, on every device. */
  async signOutEverywhere(): Promise<void> {
    await this.api.signOutEverywhere();
    this.forgetSignIn(false);
  }

  /** The service no longer knows the sign-in: back to the start. */
  endSignIn(): void {
    this.forgetSignIn(true);
  }

  /** All rooms, for whoever has no socket yet; without one, `state.stops` is what they say. */
  async rooms(): Promise<RoomView[]> {
    const rooms = await this.api.rooms();
    if (!this.connection.isUp) this.dispatch({ type: 'stops', stops: stopsIn(rooms) });
    return rooms;
  }

  /** Opens the socket without taking a place: for live seats, and for news of waitlists. */
  connect(): void {
    this.connection.open();
  }

  /** Takes a place in the room's line; the answer comes as state. Joining twice is harmless. */
  join(roomId: string): void {
    this.connection.open();
    this.line.join(roomId);
  }

  /** Comes back to the place this browser remembers in the room. False when it remembers none: nothing happens then. */
  resume(roomId: string): boolean {
    const resumed = this.line.resumeSaved(roomId);
    if (resumed) this.connection.open();
    return resumed;
  }

  /** Comes back to a place that was taken on another device (`api.places` knows of it). */
  comeBack(roomId: string): void {
    this.line.comeBack(roomId);
    this.connection.open();
  }

  /** Gives the place back for good; joining again starts at the tail. Once inside: finishes. */
  leave(): Promise<void> {
    return this.line.leave();
  }

  /** Turns away from the room. The place stays as long as another tab, or the grace, keeps it. */
  closeRoom(): void {
    this.line.forgetRoom();
    this.connection.close();
    this.dispatch({ type: 'room-left' });
  }

  /** As when the page is closed: nothing is asked, heard or waited for any more, and the place is left to its grace. */
  end(): void {
    this.listeners.clear();
    for (const cart of this.carts.values()) cart.end();
    this.line.forgetRoom();
    this.connection.close();
    this.number.stop();
    this.api.end();
    this.tries.end();
  }

  /** Tells how many seats are left in these sections (at most 100; replaces the last choice), as `state.seats`. */
  watchSeats(termId: string, sectionIds: readonly string[]): void {
    const next = { termId, sectionIds: [...new Set(sectionIds)].slice(0, MOST_WATCHED) };
    if (JSON.stringify(next) === JSON.stringify(this.watched)) return;
    this.watched = next;
    this.askToWatch();
  }

  /** The student's cart of a term, the same on all devices. It needs no admission. */
  cart(termId: string): CartKeeper {
    let cart = this.carts.get(termId);
    if (!cart) this.carts.set(termId, (cart = new CartKeeper(this.api, termId)));
    return cart;
  }

  /**
   * Enrols in the sections, in order of preference, all in one commit. Answered exactly once, however often it is sent.
   * @throws SunbeonError when the commit as a whole was refused, or nobody answered in about a minute
   */
  commit(termId: string, sectionIds: string[]): Promise<SectionOutcome[]> {
    return this.seats.commit(termId, sectionIds);
  }

  /** Gives a seat back; needs no admission. @throws SunbeonError as `commit`, or why it cannot be dropped */
  async drop(termId: string, sectionId: string): Promise<void> {
    granted(await this.seats.drop(termId, sectionId));
  }

  /** Gives one seat back for another, both or neither. @throws SunbeonError why not: the old seat is kept then */
  async swap(termId: string, dropSectionId: string, takeSectionId: string): Promise<void> {
    granted(await this.seats.swap(termId, dropSectionId, takeSectionId));
  }

  /** Waits for a seat in a full section; resolves to the position, 1 = next. @throws SunbeonError as `commit` */
  async joinWaitlist(termId: string, sectionId: string): Promise<number> {
    const [outcome] = granted(await this.seats.joinWaitlist(termId, sectionId));
    return outcome?.position ?? 1;
  }

  /** Waits no longer, or declines the offer; needs no admission. @throws SunbeonError as `commit` */
  async leaveWaitlist(termId: string, sectionId: string): Promise<void> {
    granted(await this.seats.leaveWaitlist(termId, sectionId));
  }

  /** Takes the seat that was offered; needs no admission. @throws SunbeonError as `commit`, or why it cannot be had */
  async acceptOffer(termId: string, sectionId: string): Promise<void> {
    this.accepted.add(sectionId);
    try {
      granted(await this.seats.acceptOffer(termId, sectionId));
    } catch (error) {
      this.accepted.delete(sectionId);
      throw error;
    }
  }

  /** Puts one of `state.news` away. */
  readNews(id: number): void {
    this.dispatch({ type: 'news-read', id });
  }

  private handleUp(): void {
    // Who comes is told of every stop that there is.
    this.dispatch({ type: 'stops', stops: [] });
    this.line.handleUp();
    this.askToWatch();
  }

  /** Not worth a word to the student when it fails: the next connect asks again, and counts are also in every search. */
  private askToWatch(): void {
    if (!this.connection.isUp || !this.watched.termId) return;
    this.connection.ask('seats:watch', this.watched).catch((error: unknown) => console.warn('seats:watch', error));
  }

  private forgetSignIn(ended: boolean): void {
    this.token = undefined;
    for (const cart of this.carts.values()) cart.end();
    this.carts.clear();
    this.accepted.clear();
    this.line.forgetRoom();
    this.connection.close();
    this.dispatch({ type: 'signed-out', ended });
  }

  private listen(socket: SunbeonSocket): void {
    const here = (roomId: string): boolean => roomId === this.line.keptRoomId;
    socket.on('line:ticket', (message) => {
      this.clock.push(message.room.serverTime);
      this.line.handleTicket(message);
      this.move();
    });
    socket.on('line:position', (message) => {
      if (!here(message.roomId)) return;
      this.dispatch({ type: 'position', message });
      this.move();
      this.line.remember();
    });
    socket.on('line:admitted', (message, acknowledge) => {
      if (!here(message.roomId)) return;
      if (typeof acknowledge === 'function') acknowledge();
      this.clock.push(message.serverTime);
      if (this.line.declineIfLeft()) return;
      this.dispatch({ type: 'admitted', message });
      this.line.remember();
    });
    socket.on('line:left', ({ roomId, reason, why }) => here(roomId) && this.line.end(reason, why));
    socket.on('room:state', (message) => {
      this.clock.push(message.serverTime);
      this.line.handleRoom(message);
    });
    socket.on('seats:left', (message) => this.dispatch({ type: 'seats', message }));
    socket.on('seats:stopped', ({ terms }) => this.dispatch({ type: 'stops', stops: terms }));
    socket.on('cart:changed', ({ termId, version }) => this.carts.get(termId)?.hear(version));
    socket.on('enrolment:changed', ({ termId, changes }) => {
      const others = changes.filter((change) => !this.isOwn(change));
      this.dispatch({ type: 'enrolments-changed', message: { termId, changes: others } });
    });
  }

  /** Whatever comes next for the section ends the wait for the seat: it may have been given while there was no socket. */
  private isOwn({ sectionId, state }: EnrolmentChangedMessage['changes'][number]): boolean {
    return this.accepted.delete(sectionId) && state === 'enrolled';
  }

  /** The shown position moves on by itself; after a reload it must not be higher. */
  private move(): void {
    const { place } = this.current;
    this.dispatch({ type: 'moved', now: this.clock.now() });
    if (this.current.place !== place) this.line.remember();
  }

  private dispatch(event: StateEvent): void {
    const { place } = this.current;
    const next = reduce(this.current, event);
    if (next === this.current) return;
    this.current = next;
    if (next.place !== place) this.number.look();
    for (const listener of this.listeners) listener(next);
  }
}
