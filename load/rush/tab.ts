import { io, type Socket } from 'socket.io-client';
import type {
  ClientToServerEvents,
  EnrolmentChangedMessage,
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  Reply,
  ServerToClientEvents,
  WireError,
} from '../../src/live/events';
import type { Presence } from './observation';
import type { SwarmContext } from './swarm-context';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** socket.io's own types lose the tie between an event and its answer. */
interface AskingSocket {
  emit(event: string, question: unknown, acknowledge: (reply: Reply) => void): void;
}

export type Answer<E extends keyof ClientToServerEvents> = Parameters<Parameters<ClientToServerEvents[E]>[1]>[0];

/** The student whose tab it is. */
export interface TabOwner {
  readonly token: string;
  /** False once there is no place to come back to; the tab may stay open all the same. */
  readonly wantsPlace: boolean;
  /** How to ask for the place now. */
  joinRequest(tab: Tab): LineJoinRequest;
  onTicket(tab: Tab, message: LineTicketMessage): void;
  onPosition(tab: Tab, message: LinePositionMessage): void;
  onAdmitted(tab: Tab, message: LineAdmittedMessage): void;
  onLeft(message: LineLeftMessage): void;
  onEnrolmentChanged(tab: Tab, message: EnrolmentChangedMessage): void;
  /** The tab has a connection. */
  onUp(tab: Tab): void;
  /** The tab has no connection any more; it comes back by itself. */
  onDown(tab: Tab): void;
  onRefused(error: WireError): void;
  /** The connection was not taken; it is tried again. */
  onTurnedAway(): void;
}

/** How long an answer may take before the question is asked again, ms. */
export const PATIENCE_MS = 10_000;
/** Pause before something refused is tried again, ms. */
export const RETRY_MS = { least: 200, most: 1_000 };
/** Each client has its own longest back-off: with a common one the fifth attempts would all come at once. */
const LONGEST_BACKOFF_MS = { least: 1_000, most: 4_000 };
const FIRST_BACKOFF_MS = 200;

/** One window of one student: a socket that asks for the place whenever it comes up. */
export class Tab {
  private socket?: LiveSocket;
  private presence?: Presence;
  private heardAt = 0;
  private askedAt = 0;
  /** The present socket was told its place. */
  isPlaced = false;

  constructor(
    readonly index: number,
    private readonly owner: TabOwner,
    private readonly context: SwarmContext,
    private readonly onPresent: (presence: Presence) => void,
  ) {}

  open(): void {
    const { url, random } = this.context;
    const { token } = this.owner;
    const socket: LiveSocket = io(url, {
      forceNew: true,
      transports: ['websocket'],
      auth: { token },
      reconnectionDelay: FIRST_BACKOFF_MS,
      reconnectionDelayMax: random.between(LONGEST_BACKOFF_MS.least, LONGEST_BACKOFF_MS.most),
    });
    this.socket = socket;
    socket.on('connect', () => {
      this.owner.onUp(this);
      this.join();
    });
    socket.on('disconnect', (reason) => this.handleDown(reason));
    socket.on('connect_error', (error) => this.handleRefusal(error));
    this.listen(socket);
  }

  /** As when the window is closed. */
  close(): void {
    this.leave(this.context.now());
    this.socket?.removeAllListeners();
    this.socket?.disconnect();
    this.socket = undefined;
  }

  /** As when the network goes away: the connection ends without a word, and the client comes back after its back-off. */
  cut(): void {
    this.leave(this.context.now());
    const { engine } = this.socket?.io ?? {};
    const transport = engine?.transport as { ws?: { terminate?: () => void } } | undefined;
    if (transport?.ws?.terminate) transport.ws.terminate();
    else engine?.close();
  }

  /** Asks on this tab's socket; there is no answer when the connection is lost meanwhile. False when there is none now. */
  ask<E extends keyof ClientToServerEvents>(
    event: E,
    question: Parameters<ClientToServerEvents[E]>[0],
    onAnswer: (reply: Answer<E>) => void,
  ): boolean {
    if (!this.socket?.connected || (this.owner.wantsPlace && !this.isPlaced)) return false;
    (this.socket as AskingSocket).emit(event, question, onAnswer);
    return true;
  }

  /** Asks for the place again when nothing was heard for too long. */
  checkPatience(now: number): void {
    if (this.socket?.connected && !this.isPlaced && now - this.askedAt > PATIENCE_MS) this.join();
  }

  private listen(socket: LiveSocket): void {
    const heard = (): void => void (this.heardAt = this.context.now());
    socket.io.on('ping', heard);
    socket.on('line:ticket', (message) => {
      heard();
      this.enter();
      this.owner.onTicket(this, message);
    });
    socket.on('line:position', (message) => {
      heard();
      this.owner.onPosition(this, message);
    });
    socket.on('line:admitted', (message, acknowledge) => {
      heard();
      acknowledge();
      this.owner.onAdmitted(this, message);
    });
    socket.on('line:left', (message) => this.owner.onLeft(message));
    socket.on('enrolment:changed', (message) => this.owner.onEnrolmentChanged(this, message));
  }

  private join(): void {
    const { socket } = this;
    if (!socket?.connected || !this.owner.wantsPlace) return;
    this.askedAt = this.context.now();
    socket.emit('line:join', this.owner.joinRequest(this), (reply) => {
      if (reply.ok || socket !== this.socket) return;
      if (reply.error.retryable) this.later(() => this.join());
      else this.owner.onRefused(reply.error);
    });
  }

  private enter(): void {
    this.isPlaced = true;
    if (this.presence) return;
    this.presence = { from: this.heardAt, to: Infinity };
    this.onPresent(this.presence);
  }

  private leave(at: number): void {
    if (this.presence) this.presence.to = at;
    this.presence = undefined;
    this.isPlaced = false;
  }

  private handleDown(reason: string): void {
    this.leave(this.heardAt);
    this.owner.onDown(this);
    // The stock client takes this one as final.
    if (reason === 'io server disconnect') this.later(() => this.socket?.connect());
  }

  private handleRefusal(error: Error & { data?: WireError }): void {
    if (error.data && !error.data.retryable) return this.owner.onRefused(error.data);
    this.owner.onTurnedAway();
    // While it is active the client tries again by itself.
    if (!this.socket?.active) this.later(() => this.socket?.connect());
  }

  private later(work: () => void): void {
    const { agenda, random } = this.context;
    agenda.in(random.between(RETRY_MS.least, RETRY_MS.most), work);
  }
}
