import type { SunbeonSocket } from '../../client/sdk/socket';
import type { Place as ShownPlace } from '../../client/sdk/state';
import { SunbeonClient } from '../../client/sdk/sunbeon-client';
import type { KeyValueStorage } from '../../client/sdk/surroundings';
import type { WireError } from '../../src/contract/errors';
import type { LineAdmittedMessage, LinePositionMessage, LineTicketMessage } from '../../src/contract/line';
import type { EnrolmentChangedMessage } from '../../src/contract/seats';
import type { Presence } from './place';
import type { Route, SwarmContext } from './swarm-context';

/** The student whose tab it is. */
export interface TabOwner {
  readonly studentId: string;
  readonly token: string;
  /** What the page shows of the place has changed. */
  onPlace(tab: Tab, place: ShownPlace): void;
  /** The place is asked for. */
  onJoin(tab: Tab): void;
  onTicket(tab: Tab, message: LineTicketMessage): void;
  onPosition(tab: Tab, message: LinePositionMessage): void;
  onAdmitted(tab: Tab, message: LineAdmittedMessage): void;
  onEnrolmentChanged(tab: Tab, message: EnrolmentChangedMessage): void;
  /** A question about seats was sent, for the first time or again. */
  onSeatsAsked(tab: Tab): void;
  /** A question was refused; what may be tried again is. */
  onRefused(event: string, error: WireError): void;
  /** A socket was told the place; `to` is filled in when it is let go. */
  onPresent(presence: Presence): void;
  /** The tab has a connection. */
  onUp(tab: Tab): void;
  /** The tab has no connection any more, and not by the student's own doing; it comes back by itself. */
  onDown(tab: Tab, reason: string): void;
  /** The connection was not taken; it is tried again, unless the service has said that this is no use. */
  onTurnedAway(error?: WireError): void;
}

/** As the reason of a connection that the service asked to give up. */
const SENT_AWAY = 'server draining';

/**
 * One window of one student: the very client of the student page, over the storage of the student's browser. Closed and
 * opened again it is a page that was loaded anew. What the service says to it is noted here beside the client, whatever the
 * client makes of it.
 */
export class Tab {
  private page?: SunbeonClient;
  private socket?: SunbeonSocket;
  private presence?: Presence;
  private heardAt = 0;
  private isSentAway = false;
  /** The present socket was told its place. */
  isPlaced = false;
  private cameNew = false;
  /** The last connection was lost by the student's own doing. */
  isCut = false;
  /** The pod of the present connection, where the tab chose it itself. */
  pod?: number;

  /** @param storage of the browser: all its tabs share it, and it outlives them */
  constructor(
    readonly index: number,
    private readonly owner: TabOwner,
    private readonly context: SwarmContext,
    private readonly storage: KeyValueStorage,
    private readonly route: Route = {},
  ) {
    this.pod = route.pod;
  }

  get isConnected(): boolean {
    return this.socket?.connected === true;
  }

  /** Undefined while the window is closed. */
  get client(): SunbeonClient | undefined {
    return this.page;
  }

  /** The token of the admission, as soon as the client has it. */
  get admission(): string | undefined {
    const place = this.page?.state.place;
    return place?.phase === 'inside' ? place.token : undefined;
  }

  /** It knew of no place when it came, and has not been told of one: what it asks for may be a new one. */
  get isNew(): boolean {
    const { phase } = this.page?.state.place ?? {};
    return this.cameNew && (phase === 'none' || phase === 'joining');
  }

  /** As when the page is loaded; nothing happens to one that is there. */
  open(): void {
    if (this.page) return;
    const { owner, context, storage } = this;
    const { url, roomId } = context;
    // Who asks for seats stays until there is an answer: what was asked twice, under two keys, could not be judged.
    const pace = { ...context.pace.client, seatAttempts: Infinity };
    const page = new SunbeonClient({
      ...{ url, pace, storage, transports: this.route.transports },
      // Nobody looks on between two messages.
      stepMs: Infinity,
      witness: {
        onSocket: (socket) => this.listen(socket),
        onAsked: (event) => {
          if (event === 'line:join') owner.onJoin(this);
          else if (/^(enrolment|waitlist):/.test(event)) owner.onSeatsAsked(this);
        },
        onAnswered: (event, reply) => {
          if (!reply.ok) owner.onRefused(event, reply.error);
        },
      },
    });
    this.page = page;
    let shown = page.state.place;
    page.subscribe(({ place }) => {
      if (place === shown) return;
      shown = place;
      owner.onPlace(this, place);
    });
    page.acceptSignIn({ token: owner.token, student: { id: owner.studentId, name: owner.studentId } });
    this.cameNew = !page.resume(roomId);
    if (this.cameNew) page.join(roomId);
  }

  /** As when the window is closed. */
  close(): void {
    this.leave(this.context.now());
    const { page } = this;
    this.page = undefined;
    this.socket = undefined;
    page?.end();
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

  private listen(socket: SunbeonSocket): void {
    const { owner } = this;
    this.socket = socket;
    this.goTo(socket);
    const heard = (): void => void (this.heardAt = this.context.now());
    socket.io.on('ping', heard);
    socket.on('connect', () => {
      this.isCut = false;
      this.isSentAway = false;
      owner.onUp(this);
    });
    socket.on('disconnect', (reason) => this.handleDown(socket, reason));
    socket.on('connect_error', (error: Error & { data?: WireError }) => {
      this.comeToAll(socket);
      owner.onTurnedAway(error.data);
    });
    socket.on('server:draining', () => (this.isSentAway = true));
    socket.on('line:ticket', (message) => {
      heard();
      this.enter();
      owner.onTicket(this, message);
    });
    socket.on('line:position', (message) => {
      heard();
      owner.onPosition(this, message);
    });
    socket.on('line:admitted', (message) => {
      heard();
      owner.onAdmitted(this, message);
    });
    socket.on('enrolment:changed', (message) => owner.onEnrolmentChanged(this, message));
  }

  /** The first connection may go to a pod of the tab's own choice. */
  private goTo(socket: SunbeonSocket): void {
    const url = this.pod === undefined ? undefined : this.context.podUrls?.[this.pod];
    if (url !== undefined) setAddress(socket, url);
  }

  /** Every later one goes to the common address. */
  private comeToAll(socket: SunbeonSocket): void {
    if (this.pod !== undefined) setAddress(socket, this.context.url);
    this.pod = undefined;
  }

  private handleDown(socket: SunbeonSocket, reason: string): void {
    if (!this.page) return;
    this.leave(this.heardAt);
    this.owner.onDown(this, this.isSentAway ? SENT_AWAY : reason);
    this.comeToAll(socket);
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
}

/** Where a socket connects from now on; of a browser the proxy in front decides that. */
function setAddress({ io }: SunbeonSocket, url: string): void {
  (io as unknown as { uri: string }).uri = url;
}
