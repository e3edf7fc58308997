import { io } from 'socket.io-client';
import { between } from '../../src/common/retry';
import type { Reply, WireError } from '../../src/contract/errors';
import type { ClientPace } from './pace';
import type { Answer, Ask, ClientWitness, Question, SunbeonSocket, Transport } from './socket';
import type { Connection } from './state';
import { isDeviceOnline, surroundings } from './surroundings';
import { asSunbeonError, needsSignIn, SunbeonError } from './sunbeon-error';

/** socket.io's own types lose the tie between an event and its answer behind `timeout`. */
interface AskingSocket {
  timeout(ms: number): { emitWithAck(event: string, question: unknown): Promise<Reply> };
}

export interface ConnectionOptions {
  /** Origin of the service; '' is the page's own. */
  url: string;
  /** The sign-in token, for clients without the cookie. */
  token: () => string | undefined;
  onChange: (connection: Connection) => void;
  /** The socket is up, for the first time or again. */
  onUp: () => void;
  /** The service refused the handshake: sign in again. */
  onSignInNeeded: () => void;
  /** There is no connection yet, and why; it is tried again. */
  onRefused: (error: SunbeonError) => void;
  /** Asks, without a socket, when to come back: ms from now; 0 = whenever. */
  askDoor: () => Promise<number>;
  /** Longest pause between two tries to reconnect, ms: the service counts on it when it keeps a place. */
  longestBackoffMs: () => number;
  pace: ClientPace;
  transports?: Transport[];
  witness?: ClientWitness;
  /** Puts the listeners on a new socket. */
  listen: (socket: SunbeonSocket) => void;
}

/** What the stock client says when the handshake took too long. */
const TIMED_OUT = 'timeout';
/** After the network came back: soon, but not everyone on the campus in the same instant. */
const BACK_ONLINE_WITHIN_MS = 400;
/** All who turn away from a pod do not do so in the same instant. */
const MOVE_WITHIN_MS = 1_000;

/** One socket that always wants to be up, and says plainly whether it is. */
export class ServiceConnection {
  private socket?: SunbeonSocket;
  private wasUp = false;
  /** The device said that its network is gone, and nothing has come up since: some say so for ever, and are wrong. */
  private isCutOff = false;
  private returnTimer?: ReturnType<typeof setTimeout>;
  /** How often we have turned to another pod. */
  private hops = 0;

  constructor(private readonly options: ConnectionOptions) {}

  get isUp(): boolean {
    return this.socket?.connected === true && !this.isCutOff;
  }

  /** Connects; nothing happens when it is connected, or on the way already. */
  open(): void {
    if (this.socket) {
      if (!this.socket.active) this.returnIn(0);
      return;
    }
    const { url, token, listen, longestBackoffMs, pace, witness } = this.options;
    const { transports = ['websocket', 'polling'] } = this.options;
    const most = longestBackoffMs();
    const socket: SunbeonSocket = io(url, {
      autoConnect: false,
      transports,
      tryAllTransports: true,
      withCredentials: true,
      timeout: pace.handshakeMs,
      reconnectionDelay: pace.firstBackoffMs,
      // socket.io applies its jitter before the cap, so a common cap would bring everyone back at once.
      reconnectionDelayMax: between({ least: most / 2, most }),
      auth: (answer) => answer({ token: token() }),
    });
    this.socket = socket;
    witness?.onSocket?.(socket);
    socket.on('connect', () => this.handleUp());
    socket.on('disconnect', (reason) => this.handleDown(reason));
    socket.on('connect_error', (error) => this.handleRefusal(error));
    socket.on('server:draining', ({ reconnectInMs }) => this.returnIn(reconnectInMs));
    listen(socket);
    surroundings.addEventListener?.('online', this.handleOnline);
    surroundings.addEventListener?.('offline', this.handleOffline);
    this.options.onChange(isDeviceOnline() ? 'connecting' : 'offline');
    socket.connect();
  }

  close(): void {
    clearTimeout(this.returnTimer);
    surroundings.removeEventListener?.('online', this.handleOnline);
    surroundings.removeEventListener?.('offline', this.handleOffline);
    this.socket?.disconnect();
    this.socket?.removeAllListeners();
    this.socket = undefined;
    this.wasUp = false;
    this.isCutOff = false;
    this.options.onChange('idle');
  }

  /** Comes back by another connection, to another pod if there is one. */
  moveOn(): void {
    this.turnToAnotherPod();
    this.returnIn(Math.random() * MOVE_WITHIN_MS);
  }

  /**
   * Asks, and waits for the answer.
   * @throws SunbeonError the service's refusal, `no_answer` when it takes too long, or `offline` at once when there is no socket
   */
  async ask<E extends Ask>(event: E, question: Question<E>): Promise<Answer<E>> {
    if (!this.socket?.connected) throw SunbeonError.local('offline', 'There is no connection to the service.');
    const { pace, witness } = this.options;
    const asking: AskingSocket = this.socket;
    const answer = asking.timeout(pace.answerMs).emitWithAck(event, question);
    witness?.onAsked?.(event, question);
    const reply = await answer.catch(() => {
      throw SunbeonError.local('no_answer', 'The service did not answer in time.');
    });
    witness?.onAnswered?.(event, reply);
    if (!reply.ok) throw SunbeonError.from(reply.error);
    return reply as Answer<E>;
  }

  private handleUp(): void {
    this.wasUp = true;
    this.isCutOff = false;
    this.options.onChange('connected');
    this.options.onUp();
  }

  private handleDown(reason: string): void {
    this.options.onChange(this.downState());
    // The stock client takes this one as final; a pod that goes away, or fences itself, must not lose its students.
    if (reason === 'io server disconnect') this.returnIn(between(this.options.pace.returnMs));
  }

  private handleRefusal(error: Error & { data?: Partial<WireError> }): void {
    const code = error.data?.code;
    const refusal = code
      ? new SunbeonError(code, error.message, error.data?.retryable ?? false, error.data?.details)
      : asSunbeonError(error);
    if (needsSignIn(refusal)) {
      this.options.onSignInNeeded();
      return;
    }
    this.options.onChange(this.downState());
    // What comes with a code is the service's own refusal, after which the stock client stops. Without one it goes on by
    // itself; a service that is only too busy knows better when.
    if (!code) {
      if (error.message === TIMED_OUT) this.tryOtherTransport();
      this.turnToAnotherPod();
      return void this.heedDoor();
    }
    if (!refusal.retryable) this.options.onRefused(refusal);
    const { returnMs, refusedReturnMs } = this.options.pace;
    this.returnIn(between(refusal.retryable ? returnMs : refusedReturnMs));
  }

  /** A load balancer keeps us on one pod by a cookie, also when that pod stands still: `hop` is part of its choice. */
  private turnToAnotherPod(): void {
    if (!this.socket || this.isCutOff) return;
    this.hops += 1;
    this.socket.io.opts.query = { hop: String(this.hops) };
  }

  /**
   * Some networks let a WebSocket open and then carry nothing. To the stock client that is no reason to try the other
   * transport, as it does after an error. Where a pod was only slow, the next timeout turns it back.
   */
  private tryOtherTransport(): void {
    const { opts } = this.socket?.io ?? {};
    if (opts?.transports && !this.isCutOff) opts.transports = [...opts.transports].reverse() as typeof opts.transports;
  }

  private async heedDoor(): Promise<void> {
    if (this.isCutOff) return;
    try {
      const ms = await this.options.askDoor();
      if (ms > 0 && this.socket && !this.socket.connected) this.returnIn(ms);
    } catch (thrown) {
      // The socket's own pauses hold.
      this.options.onRefused(asSunbeonError(thrown));
    }
  }

  private downState(): Connection {
    if (!isDeviceOnline()) return 'offline';
    return this.wasUp ? 'reconnecting' : 'connecting';
  }

  private returnIn(ms: number): void {
    clearTimeout(this.returnTimer);
    this.returnTimer = setTimeout(() => this.socket?.disconnect().connect(), ms);
  }

  /** The old socket may hang on a network that is gone: a new one is cheap, and the server keeps the place. */
  private readonly handleOnline = (): void => {
    this.options.onChange(this.wasUp ? 'reconnecting' : 'connecting');
    this.returnIn(Math.random() * BACK_ONLINE_WITHIN_MS);
  };

  private readonly handleOffline = (): void => {
    this.isCutOff = true;
    this.options.onChange('offline');
  };
}
