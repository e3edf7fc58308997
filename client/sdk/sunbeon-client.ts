import type { SectionOutcome } from '../../src/live/events';
import { ServiceApi, type ServiceConfig, type SignIn } from './api';
import { ServiceConnection, type SunbeonSocket } from './connection';
import { LineKeeper } from './line-keeper';
import { newIdempotencyKey, retrying } from './retry';
import { SavedPlaces } from './saved-place';
import { browserStorage, type KeyValueStorage } from './storage';
import { ServerClock } from './server-clock';
import { INITIAL_STATE, reduce, type StateEvent, type Student, type SunbeonState } from './state';
import { SunbeonError } from './sunbeon-error';

export interface SunbeonClientOptions {
  /** Origin of the service; '' (the default) is the page's own. */
  url?: string;
  /** Where places are remembered over reloads; the browser's localStorage when there is one. */
  storage?: KeyValueStorage;
}

type Listener = (state: SunbeonState) => void;

/** Until the service has said its own, ms. */
const LONGEST_BACKOFF_MS = 8000;
/** At most this many sections are watched at once. */
export const MOST_WATCHED = 100;
/** Attempts of one commit or drop; with the pauses between them about a minute. */
const COMMIT_ATTEMPTS = 10;

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
  private longestBackoffMs = LONGEST_BACKOFF_MS;
  private current: SunbeonState = INITIAL_STATE;
  private readonly listeners = new Set<Listener>();
  private readonly connection: ServiceConnection;
  private readonly line: LineKeeper;
  private watched: { termId: string; sectionIds: string[] } = { termId: '', sectionIds: [] };

  constructor(options: SunbeonClientOptions = {}) {
    const url = options.url ?? '';
    this.api = new ServiceApi(url, this.clock, () => this.token);
    this.connection = new ServiceConnection({
      url,
      token: () => this.token,
      onChange: (connection) => this.dispatch({ type: 'connection', connection }),
      onUp: () => this.handleUp(),
      onSignInNeeded: () => this.forgetSignIn(true),
      onRefused: (error) => this.line.handleNoConnection(error),
      askDoor: () => this.api.retryInMs(),
      longestBackoffMs: () => this.longestBackoffMs,
      listen: (socket) => this.listen(socket),
    });
    this.line = new LineKeeper({
      connection: this.connection,
      places: new SavedPlaces(options.storage ?? browserStorage('local')),
      state: () => this.current,
      dispatch: (event) => this.dispatch(event),
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
    this.longestBackoffMs = config.reconnectDelayMaxMs ?? LONGEST_BACKOFF_MS;
    return config;
  }

  /** Picks up a sign-in that the browser still has (its cookie). Undefined when there is none. */
  async restoreSignIn(): Promise<Student | undefined> {
    const student = await this.api.me();
    if (student) this.dispatch({ type: 'signed-in', student });
    return student;
  }

  async signInDemo(studentId: string, name: string): Promise<void> {
    this.acceptSignIn(await this.api.signInDemo(studentId, name));
  }

  async signInSso(ssoToken: string): Promise<void> {
    this.acceptSignIn(await this.api.signInSso(ssoToken));
  }

  /** Uses a sign-in token from elsewhere (load tools, tests). */
  acceptSignIn({ token, student }: Pick<SignIn, 'token' | 'student'>): void {
    this.token = token;
    this.dispatch({ type: 'signed-in', student });
  }

  async signOut(): Promise<void> {
    await this.api.signOut();
    this.forgetSignIn(false);
  }

  /** The service no longer knows the sign-in: back to the start. */
  endSignIn(): void {
    this.forgetSignIn(true);
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

  /** Tells how many seats are left in these sections (at most 100; replaces the last choice), as `state.seats`. */
  watchSeats(termId: string, sectionIds: readonly string[]): void {
    const next = { termId, sectionIds: [...new Set(sectionIds)].slice(0, MOST_WATCHED) };
    if (JSON.stringify(next) === JSON.stringify(this.watched)) return;
    this.watched = next;
    this.askToWatch();
  }

  /**
   * Enrols in the sections, in order of preference, all in one commit. Answered exactly once, however often it is sent.
   * @throws SunbeonError when the commit as a whole was refused, or nobody answered in about a minute
   */
  async commit(termId: string, sectionIds: string[]): Promise<SectionOutcome[]> {
    const { place } = this.current;
    if (place.phase !== 'inside' || !place.token) {
      throw new SunbeonError('admission_required', 'Seats are given only to those inside.', false);
    }
    const admission = place.token;
    const idempotencyKey = newIdempotencyKey();
    const send = async (): Promise<SectionOutcome[]> => {
      if (!this.connection.isUp) return this.api.commit(termId, sectionIds, admission, idempotencyKey);
      const question = { termId, sectionIds, admission, idempotencyKey };
      return (await this.connection.ask('enrolment:commit', question)).results;
    };
    const results = await retrying(send, { attempts: COMMIT_ATTEMPTS });
    this.dispatch({ type: 'enrolments-changed' });
    return results;
  }

  /** Gives a seat back. @throws SunbeonError as `commit`, or with the reason why it cannot be dropped */
  async drop(termId: string, sectionId: string): Promise<void> {
    const question = { termId, sectionId, idempotencyKey: newIdempotencyKey() };
    this.connection.open();
    const send = () => this.connection.ask('enrolment:drop', question);
    const { results } = await retrying(send, { attempts: COMMIT_ATTEMPTS });
    const refused = results.find((result) => result.error);
    if (refused?.error) throw SunbeonError.from(refused.error);
    this.dispatch({ type: 'enrolments-changed' });
  }

  private handleUp(): void {
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
    this.line.forgetRoom();
    this.connection.close();
    this.dispatch({ type: 'signed-out', ended });
  }

  private listen(socket: SunbeonSocket): void {
    const here = (roomId: string): boolean => roomId === this.line.keptRoomId;
    socket.on('line:ticket', (message) => {
      this.clock.push(message.room.serverTime);
      this.line.handleTicket(message);
    });
    socket.on('line:position', (message) => {
      if (!here(message.roomId)) return;
      this.dispatch({ type: 'position', message });
      this.line.remember();
    });
    socket.on('line:admitted', (message, acknowledge) => {
      if (!here(message.roomId)) return;
      if (typeof acknowledge === 'function') acknowledge();
      this.clock.push(message.serverTime);
      this.dispatch({ type: 'admitted', message });
      this.line.remember();
    });
    socket.on('line:left', ({ roomId, reason }) => here(roomId) && this.line.end(reason));
    socket.on('room:state', (message) => {
      this.clock.push(message.serverTime);
      if (here(message.roomId)) this.dispatch({ type: 'room', message });
    });
    socket.on('seats:left', (message) => this.dispatch({ type: 'seats', message }));
    socket.on('enrolment:changed', () => this.dispatch({ type: 'enrolments-changed' }));
  }

  private dispatch(event: StateEvent): void {
    const next = reduce(this.current, event);
    if (next === this.current) return;
    this.current = next;
    for (const listener of this.listeners) listener(next);
  }
}
