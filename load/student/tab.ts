import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Reply, WireError } from '../../src/contract/errors';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/contract/events';
import type {
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
} from '../../src/contract/line';
import type { EnrolmentChangedMessage } from '../../src/contract/seats';
import type { Presence } from './place';
import type { Route, SwarmContext } from './swarm-context';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** socket.io's own types lose the tie between an event and its answer. */
interface AskingSocket {
  emit(event: string, question: unknown, acknowledge: (reply: Reply) => void): void;
}

export type Answer<E extends keyof ClientToServerEvents> = Parameters<Parameters<ClientToServerEvents[E]>[1]>[0];

const USUAL_ROUTE: Route = { transports: ['websocket'] };

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
  /** A socket was told the place; `to` is filled in when it is let go. */
  onPresent(presence: Presence): void;
  /** The tab has a connection. */
  onUp(tab: Tab): void;
  /** The tab has no connection any more; it comes back by itself. */
  onDown(tab: Tab, reason: string): void;
  /** The place was refused; it is asked for again where that may help. */
  onJoinRefused(error: WireError): void;
  /** The connection was not taken; it is tried again, unless the service has said that this is no use. */
  onTurnedAway(error?: WireError): void;
}

/** One window of one student: a socket that asks for the place whenever it comes up. */
export class Tab {
  private socket?: LiveSocket;
  private presence?: Presence;
  private heardAt = 0;
  private askedAt = 0;
  /** Since when the pod has been out of reach of the line, as far as this tab was told. */
  private outOfReachSince?: number;
  /** How often the tab has turned to another pod. */
  private hops = 0;
  private isClosed = true;
  /** The present socket was told its place. */
  isPlaced = false;
  /** The last connection was lost by the student's own doing. */
  isCut = false;
  /** The pod of the present connection, where the tab chose it itself. */
  pod?: number;

  constructor(
    readonly index: number,
    private readonly owner: TabOwner,
    private readonly context: SwarmContext,
    private readonly route: Route = USUAL_ROUTE,
  ) {
    this.pod = route.pod;
  }

  get isConnected(): boolean {
    return this.socket?.connected === true;
  }

  open(): void {
    this.isClosed = false;
    const socket: LiveSocket = io(this.url(), this.options());
    this.socket = socket;
    socket.on('connect', () => {
      this.isCut = false;
      this.owner.onUp(this);
      this.join();
    });
    socket.on('disconnect', (reason) => this.handleDown(reason));
    socket.on('connect_error', (error) => this.handleRefusal(error));
    this.listen(socket);
  }

  /** As when the window is closed. */
  close(): void {
    this.isClosed = true;
    this.leave(this.context.now());
    this.letGo();
  }

  /** As when the network goes away: the connection ends without a word, and the client comes back after its back-off. */
  cut(): void {
    this.isCut = true;
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
    if (this.isConnected && !this.isPlaced && now - this.askedAt > this.context.pace.patienceMs) this.join();
  }

  private url(): string {
    const { url, podUrls } = this.context;
    return (this.pod === undefined ? undefined : podUrls?.[this.pod]) ?? url;
  }

  private options(): Partial<ManagerOptions & SocketOptions> {
    const { random, pace } = this.context;
    return {
      forceNew: true,
      transports: this.route.transports,
      withCredentials: true,
      auth: { token: this.owner.token },
      query: this.query(),
      timeout: pace.handshakeMs,
      reconnection: this.pod === undefined,
      reconnectionDelay: pace.firstBackoffMs,
      reconnectionDelayMax: random.between(pace.longestBackoffMs.least, pace.longestBackoffMs.most),
    };
  }

  /**
   * The connection was lost or not taken. While it is active the client tries again by itself; from a pod of its own
   * choice the tab goes on to the common address.
   */
  private comeBack(): void {
    if (this.pod === undefined) {
      if (this.socket && !this.socket.active) this.connectLater();
      return;
    }
    this.letGo();
    this.pod = undefined;
    this.later(() => {
      if (!this.isClosed && !this.socket) this.open();
    });
  }

  private letGo(): void {
    this.socket?.removeAllListeners();
    this.socket?.disconnect();
    this.socket = undefined;
  }

  private later(work: () => void): void {
    const { agenda, random, pace } = this.context;
    agenda.in(random.between(pace.retryMs.least, pace.retryMs.most), work);
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
      this.owner.onJoinRefused(reply.error);
      if (reply.error.code === 'line_unavailable' && this.isOutOfPatience()) this.moveOn(socket);
      else if (reply.error.retryable) this.later(() => this.join());
    });
  }

  /** A load balancer keeps us on one pod by a cookie: `hop` is part of its choice. */
  private query(): Record<string, string> {
    return this.hops === 0 ? {} : { hop: String(this.hops) };
  }

  private isOutOfPatience(): boolean {
    const now = this.context.now();
    this.outOfReachSince ??= now;
    return now - this.outOfReachSince > this.context.pace.moveOnAfterMs;
  }

  private moveOn(socket: LiveSocket): void {
    this.turnToAnotherPod();
    socket.disconnect();
  }

  private turnToAnotherPod(): void {
    this.hops += 1;
    if (this.socket) this.socket.io.opts.query = this.query();
  }

  private enter(): void {
    this.isPlaced = true;
    this.outOfReachSince = undefined;
    if (this.presence) return;
    this.presence = { from: this.heardAt, to: Infinity };
    this.owner.onPresent(this.presence);
  }

  private leave(at: number): void {
    if (this.presence) this.presence.to = at;
    this.presence = undefined;
    this.isPlaced = false;
  }

  private handleDown(reason: string): void {
    this.leave(this.heardAt);
    this.owner.onDown(this, reason);
    // The stock client takes this one as final.
    if (reason === 'io server disconnect') this.connectLater();
    else this.comeBack();
  }

  private handleRefusal({ data }: Error & { data?: WireError }): void {
    this.owner.onTurnedAway(data);
    if (!data) this.turnToAnotherPod();
    if (!data || data.retryable) this.comeBack();
  }

  private connectLater(): void {
    this.later(() => this.socket?.connect());
  }
}
