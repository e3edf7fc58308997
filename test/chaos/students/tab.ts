import { io, type Socket } from 'socket.io-client';
import type { Presence } from '../../../load/rush/observation';
import type {
  ClientToServerEvents,
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
  Reply,
  ServerToClientEvents,
  WireError,
} from '../../../src/live/events';
import type { SwarmContext } from './swarm-context';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** socket.io's own types lose the tie between an event and its answer. */
interface AskingSocket {
  emit(event: string, question: unknown, acknowledge: (reply: Reply) => void): void;
}

export type Answer<E extends keyof ClientToServerEvents> = Parameters<Parameters<ClientToServerEvents[E]>[1]>[0];

/** How a tab reaches the service. */
export interface Route {
  transports: ('websocket' | 'polling')[];
  /** The pod that the first connection goes to, past nginx; every later one goes through nginx. */
  pod?: number;
}

/** The student whose tab it is. */
export interface TabOwner {
  readonly token: string;
  /** How to ask for the place now. */
  joinRequest(tab: Tab): LineJoinRequest;
  onTicket(tab: Tab, message: LineTicketMessage): void;
  onPosition(tab: Tab, message: LinePositionMessage): void;
  onAdmitted(tab: Tab, message: LineAdmittedMessage): void;
  onLeft(message: LineLeftMessage): void;
  onPresent(presence: Presence): void;
  /** The connection is gone; it comes back by itself. */
  onCut(tab: Tab, reason: string): void;
  /** A question was refused, or the handshake. */
  onRefused(event: string, error: WireError): void;
}

/** How long an answer may take before the place is asked for again, ms. */
const PATIENCE_MS = 4_000;
/** Pause before something refused is tried again, ms. */
const RETRY_MS = { least: 150, most: 600 };
/** A pod that stands still takes connections and says nothing: give up after this long, ms. */
const HANDSHAKE_TIMEOUT_MS = 2_500;
const FIRST_BACKOFF_MS = 100;

/** One window of one student: a socket that asks for the place whenever it comes up. */
export class Tab {
  private socket?: LiveSocket;
  private presence?: Presence;
  private heardAt = 0;
  private askedAt = 0;
  private closed = false;
  /** The present socket was told its place. */
  isPlaced = false;
  /** The pod of the present connection, where the tab chose it itself. */
  pod?: number;

  constructor(
    readonly index: number,
    private readonly route: Route,
    private readonly owner: TabOwner,
    private readonly context: SwarmContext,
  ) {
    this.pod = route.pod;
  }

  get isConnected(): boolean {
    return this.socket?.connected === true;
  }

  open(): void {
    this.closed = false;
    const { context, pod } = this;
    const socket: LiveSocket = io(pod === undefined ? context.url : (context.podUrls[pod] ?? context.url), {
      forceNew: true,
      transports: this.route.transports,
      withCredentials: true,
      auth: { token: this.owner.token },
      timeout: HANDSHAKE_TIMEOUT_MS,
      reconnection: pod === undefined,
      reconnectionDelay: FIRST_BACKOFF_MS,
      reconnectionDelayMax: context.random.between(context.longestBackoffMs / 2, context.longestBackoffMs),
    });
    this.socket = socket;
    socket.on('connect', () => this.join());
    socket.on('disconnect', (reason) => this.handleDown(socket, reason));
    socket.on('connect_error', (error) => this.handleRefusal(socket, error));
    this.listen(socket);
  }

  /** As when the window is closed. */
  close(): void {
    this.closed = true;
    this.leave(this.context.now());
    this.drop();
  }

  /** Asks on this tab's socket; there is no answer when the connection is lost meanwhile. False when there is none now. */
  ask<E extends keyof ClientToServerEvents>(
    event: E,
    question: Parameters<ClientToServerEvents[E]>[0],
    onAnswer: (reply: Answer<E>) => void,
  ): boolean {
    if (!this.socket?.connected || !this.isPlaced) return false;
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
  }

  private join(): void {
    const { socket } = this;
    if (!socket?.connected) return;
    this.askedAt = this.context.now();
    socket.emit('line:join', this.owner.joinRequest(this), (reply) => {
      if (reply.ok || socket !== this.socket) return;
      this.owner.onRefused('line:join', reply.error);
      if (reply.error.retryable) this.later(() => this.join());
    });
  }

  private enter(): void {
    this.isPlaced = true;
    if (this.presence) return;
    this.presence = { from: this.heardAt, to: Infinity };
    this.owner.onPresent(this.presence);
  }

  private leave(at: number): void {
    if (this.presence) this.presence.to = at;
    this.presence = undefined;
    this.isPlaced = false;
  }

  private drop(): void {
    this.socket?.removeAllListeners();
    this.socket?.disconnect();
    this.socket = undefined;
  }

  private handleDown(socket: LiveSocket, reason: string): void {
    if (socket !== this.socket) return;
    this.leave(this.heardAt);
    this.owner.onCut(this, reason);
    // The stock client takes this one as final.
    if (reason === 'io server disconnect') this.later(() => this.socket?.connect());
    else if (this.pod !== undefined) this.goBehindNginx();
  }

  private handleRefusal(socket: LiveSocket, error: Error & { data?: WireError }): void {
    if (socket !== this.socket) return;
    if (error.data) this.owner.onRefused('connect', error.data);
    if (this.socket === undefined || (error.data && !error.data.retryable)) return;
    if (this.pod !== undefined) this.goBehindNginx();
    // While it is active the client tries again by itself.
    else if (!this.socket.active) this.later(() => this.socket?.connect());
  }

  private goBehindNginx(): void {
    this.drop();
    this.pod = undefined;
    this.later(() => {
      if (!this.closed && !this.socket) this.open();
    });
  }

  private later(work: () => void): void {
    const { agenda, random } = this.context;
    agenda.in(random.between(RETRY_MS.least, RETRY_MS.most), work);
  }
}
