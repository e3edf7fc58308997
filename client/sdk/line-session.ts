import type { LeftReason, LineJoinRequest, LineTicketMessage, ShutOutReason } from '../../src/contract/line';
import type { RoomStateMessage } from '../../src/contract/rooms';
import type { ServiceConnection } from './connection';
import type { ClientPace } from './pace';
import { PodPatience } from './pod-patience';
import type { Tries } from './retry';
import type { SavedPlace, SavedPlaces } from './saved-place';
import { hasPlace, type InsidePlace, type StateEvent, type SunbeonState, type WaitingPlace } from './state';
import { asSunbeonError, type SunbeonError } from './sunbeon-error';

export interface LineSessionParts {
  connection: ServiceConnection;
  places: SavedPlaces;
  state: () => SunbeonState;
  dispatch: (event: StateEvent) => void;
  pace: Pick<ClientPace, 'moveOn'>;
  tries: Tries;
}

/** How often it is tried to give a place back before the student is told that nobody answers. */
const LEAVE_ATTEMPTS = 4;
/** A window that opens later is asked for again at this pace; it is announced, not a failure. */
const WINDOW_RETRY_MS = 15_000;

/** Takes a place in one room, keeps it over reconnects and reloads, and gives it back. */
export class LineSession {
  private roomId?: string;
  /** Rises with every new intent, so that an older one that is still retrying stops. */
  private intent = 0;
  /** What `enter` was called with last: the socket may come up only after it. */
  private resuming = false;
  private readonly patience: PodPatience;

  constructor(private readonly parts: LineSessionParts) {
    this.patience = new PodPatience(() => this.parts.connection.moveOn(), parts.pace.moveOn);
  }

  /** The room whose place is kept. */
  get keptRoomId(): string | undefined {
    return this.roomId;
  }

  /** Takes a place at the tail, or comes back to the one the student has. */
  join(roomId: string): void {
    this.roomId = roomId;
    this.parts.dispatch({ type: 'joining' });
    void this.enter(false);
  }

  /** Comes back to a place that this browser remembers; never takes a new one. Says whether there was one. */
  resumeSaved(roomId: string): boolean {
    const student = this.parts.state().student;
    if (!student || !this.parts.places.load(roomId, student.id)) return false;
    this.comeBack(roomId);
    return true;
  }

  /** Comes back to a place of which the service knows; never takes a new one. */
  comeBack(roomId: string): void {
    this.roomId = roomId;
    this.parts.dispatch({ type: 'joining' });
    void this.enter(true);
  }

  /** After the socket came up again. */
  handleUp(): void {
    const { place } = this.parts.state();
    if (!this.roomId) return;
    if (hasPlace(place)) void this.enter(true);
    else if (place.phase === 'joining') void this.enter(this.resuming);
  }

  /** The service does not let us connect: whoever waits for a number should know why. */
  handleNoConnection(error: SunbeonError): void {
    if (this.parts.state().place.phase === 'joining') this.parts.dispatch({ type: 'joining', error });
  }

  /** Gives the place back, or what is left of the time inside. */
  async leave(): Promise<void> {
    const { state } = this.parts;
    const roomId = this.roomId;
    if (!roomId) return;
    const isInside = (): boolean => state().place.phase === 'inside';
    const isHere = (): boolean => this.roomId === roomId && state().place.phase !== 'ended';
    if (!isInside()) await this.giveBack('line:leave', roomId);
    // Let in meanwhile: what is given back then is the time inside.
    const wasInside = isInside();
    if (wasInside && isHere()) await this.giveBack('admission:finish', roomId);
    if (isHere()) this.end(wasInside ? 'finished' : 'left');
  }

  /**
   * Gives the time inside back when the student has left meanwhile, of which the service may not have known.
   *
   * @returns whether it did
   */
  declineIfLeft(): boolean {
    const { place } = this.parts.state();
    if (place.phase !== 'ended' || place.reason !== 'left' || !this.roomId) return false;
    // The lease ends by itself where this fails.
    this.giveBack('admission:finish', this.roomId).catch((error: unknown) => console.warn('admission:finish', error));
    return true;
  }

  /** Looks away from the room without leaving its line. */
  forgetRoom(): void {
    this.intent += 1;
    this.roomId = undefined;
    this.patience.rest();
  }

  handleRoom(message: RoomStateMessage): void {
    if (message.roomId !== this.roomId) return;
    const { place } = this.parts.state();
    this.parts.dispatch({ type: 'room', message });
    // The number may have moved on until the line stood.
    if (this.parts.state().place !== place) this.remember();
    this.notePod(message);
  }

  handleTicket(message: LineTicketMessage): void {
    const student = this.parts.state().student;
    if (!student || message.roomId !== this.roomId) return;
    const saved = this.parts.places.load(message.roomId, student.id);
    this.parts.dispatch({ type: 'ticket', message, saved });
    this.remember(message.ticket);
    this.notePod(message.room);
  }

  /** Writes down what a reload needs; `ticket` when a new one came. */
  remember(ticket?: string): void {
    const { student, place } = this.parts.state();
    if (!student || !this.roomId || !hasPlace(place)) return;
    const saved = this.parts.places.load(this.roomId, student.id);
    const kept = ticket ?? saved?.ticket;
    if (kept === undefined) return;
    this.parts.places.save(this.roomId, student.id, merged(place, kept, saved));
  }

  /** The place is gone, and this browser forgets it. */
  end(reason: LeftReason, why?: ShutOutReason): void {
    const { student } = this.parts.state();
    this.intent += 1;
    if (student && this.roomId) this.parts.places.forget(this.roomId, student.id);
    this.patience.rest();
    this.parts.dispatch({ type: 'ended', reason, ...(why && { why }) });
  }

  private async enter(resume: boolean): Promise<void> {
    this.resuming = resume;
    const roomId = this.roomId;
    const intent = (this.intent += 1);
    const current = (): boolean => this.intent === intent && this.roomId === roomId;
    if (!roomId || !this.parts.connection.isUp) return;
    try {
      await this.parts.tries.again(() => this.ask(roomId, resume), {
        goOn: () => current() && this.parts.connection.isUp,
        onRetry: (error) => {
          if (asSunbeonError(error).code === 'line_unavailable') this.patience.lose();
          if (this.parts.state().place.phase === 'joining') {
            this.parts.dispatch({ type: 'joining', error: asSunbeonError(error) });
          }
        },
      });
    } catch (thrown) {
      if (current()) this.handleRefusal(asSunbeonError(thrown));
    }
  }

  private async giveBack(event: 'line:leave' | 'admission:finish', roomId: string): Promise<void> {
    await this.parts.tries.again(() => this.parts.connection.ask(event, { roomId }), { attempts: LEAVE_ATTEMPTS });
  }

  private notePod({ unreachable }: RoomStateMessage): void {
    if (unreachable) this.patience.lose();
    else this.patience.regain();
  }

  private async ask(roomId: string, resume: boolean): Promise<void> {
    const { student } = this.parts.state();
    const saved = student && this.parts.places.load(roomId, student.id);
    try {
      await this.askForPlace({
        roomId,
        ...(saved ? { ticket: saved.ticket, seenSequence: saved.sequence } : {}),
        ...(resume ? { resume: true } : {}),
      });
    } catch (thrown) {
      const error = asSunbeonError(thrown);
      // The server also knows the student without the ticket, as long as it has not lost the line.
      if (error.code === 'ticket_invalid' && saved && student) {
        this.parts.places.forget(roomId, student.id);
        return this.ask(roomId, resume);
      }
      if (error.code === 'window_not_open') {
        this.parts.dispatch({ type: 'joining', error });
        await this.parts.tries.pause(WINDOW_RETRY_MS);
      }
      throw thrown;
    }
  }

  /** We move the number on by ourselves. A pod of an older version does not know that one can, and tells each step. */
  private async askForPlace(request: LineJoinRequest): Promise<void> {
    const { connection } = this.parts;
    try {
      await connection.ask('line:join', { ...request, extrapolates: true });
    } catch (thrown) {
      if (asSunbeonError(thrown).code !== 'invalid_input') throw thrown;
      await connection.ask('line:join', request);
    }
  }

  private handleRefusal(error: SunbeonError): void {
    // The connection went away under the question; handleUp asks again.
    if (error.retryable) return;
    if (error.code === 'ticket_gone' || error.code === 'not_in_line') this.end(goneReason(error));
    else this.parts.dispatch({ type: 'refused', error });
  }
}

/** The reason the service gives, also one that is newer than this client; without one the student was away too long. */
function goneReason({ details }: SunbeonError): LeftReason {
  const reason = details?.['reason'];
  return typeof reason === 'string' ? (reason as LeftReason) : 'away';
}

/**
 * What is kept of a place. Another tab may have seen more of it than this one: what was seen or shown under the same ticket
 * stays so.
 */
function merged(place: WaitingPlace | InsidePlace, ticket: string, saved: SavedPlace | undefined): SavedPlace {
  const { number } = place;
  const isInside = place.phase === 'inside';
  const known = (...positions: (number | undefined)[]): number[] => positions.filter((one): one is number => !!one);
  const before = saved?.number === number ? saved : undefined;
  const lowest = known(isInside ? undefined : place.position, before?.position);
  const [startPosition = 0] = known(isInside ? undefined : place.startPosition, before?.startPosition);
  return {
    ticket,
    number,
    sequence: Math.max(place.sequence, saved?.ticket === ticket ? saved.sequence : 0),
    startPosition,
    position: isInside || lowest.length === 0 ? 0 : Math.min(...lowest),
  };
}
