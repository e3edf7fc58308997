import { Logger } from '@nestjs/common';
import { chunksOf } from '../../common/collections';
import { DomainError } from '../../common/domain-error';
import { failure } from '../../common/text';
import { isNotNow } from '../line-error';
import { DETACH_LIMIT } from '../line-input';
import type { JoinOutcome, JoinRequest, LineRef, LineStore, SocketRef, StudentSocket } from '../line-store';

/** How many sockets the store is asked about at the same time. */
const AT_ONCE = 500;

/**
 * `joining`: the store was asked to attach it, and has not answered. `attached`: it has a place. `leaving`: it is gone, or
 * never had a place, and the store may still hold it.
 *
 *     joining → attached   the store holds it
 *     joining → leaving    it closed meanwhile, or nobody knows what the store has done
 *     attached → leaving   it closed
 *     attached → joining   its ticket ended while another join of it is under way
 *     leaving → joining    it asks again
 *
 * A socket that the store does not hold, and that asks for nothing, is not remembered at all.
 */
type SocketState = 'joining' | 'attached' | 'leaving';

interface LineSocket {
  readonly socketId: string;
  readonly studentId: string;
  state: SocketState;
  /** The store may hold it or not; found out with the next connection. */
  unconfirmed: boolean;
  /** The place was told on it. */
  told: boolean;
  /** Joins whose answer is not here yet. */
  joins: number;
  /** The pod's incarnation under which the store was last asked to attach it. */
  podId: string;
  /** The place it was attached to last. */
  presented: JoinRequest['presented'];
}

/** The line as its sockets need it. */
export interface SocketLine {
  /** The name under which the store knows this pod now. */
  readonly podId: string;
  /** Nothing goes on in the line until it is opened again. */
  readonly hasEnded: boolean;
  /** Resolves once it is followed again. @throws DomainError as the store does */
  open(): Promise<void>;
  /** One atomic call on the store for the current line. @throws DomainError as the store does */
  call<T>(work: (ref: LineRef) => Promise<T>): Promise<T>;
  /** The store has answered a join. */
  onAnswer(outcome: JoinOutcome): void;
  /** It was asked anew about a socket that is attached. */
  onReattached(socketId: string, studentId: string, outcome: JoinOutcome): void;
}

/** This pod's sockets in one line: what each one is, and what the store has still to be told of it. */
export class LineSockets {
  private readonly logger = new Logger('Line');
  private readonly sockets = new Map<string, LineSocket>();

  constructor(
    private readonly roomId: string,
    private readonly store: LineStore,
    private readonly line: SocketLine,
  ) {}

  isAttached(socketId: string): boolean {
    return this.sockets.get(socketId)?.state === 'attached';
  }

  /** The student knows the place by this socket. */
  noteTold(socketId: string): void {
    const socket = this.sockets.get(socketId);
    if (socket?.state === 'attached') socket.told = true;
  }

  isTold(socketId: string): boolean {
    return this.sockets.get(socketId)?.told ?? false;
  }

  /**
   * Asks the store to attach a socket, which may close meanwhile.
   *
   * @throws DomainError `not_in_line` when it has, and as the store does
   */
  async join(
    studentId: string,
    socketId: string,
    options: Pick<JoinRequest, 'create' | 'presented'>,
  ): Promise<JoinOutcome> {
    const socket = this.remember(studentId, socketId);
    let outcome: JoinOutcome;
    socket.joins += 1;
    try {
      if (this.line.hasEnded) await this.line.open();
      outcome = await this.line.call((ref) => this.askToAttach(ref, socket, options));
    } catch (error) {
      socket.joins -= 1;
      this.noteRefused(socket, error);
      throw error;
    }
    socket.joins -= 1;
    this.line.onAnswer(outcome);
    const holds = this.noteAnswered(socket, outcome);
    if (socket.state !== 'leaving') return outcome;
    if (holds) await this.takeOff([socket]);
    throw new DomainError('not_in_line', 'The connection was lost before the place was taken.');
  }

  /** The socket has closed. @throws DomainError as the store does; it is then taken off with the next connection */
  async leave(socketId: string): Promise<void> {
    const socket = this.sockets.get(socketId);
    if (!socket || socket.state === 'leaving') return;
    const wasAttached = socket.state === 'attached';
    this.setLeaving(socket);
    if (wasAttached) await this.takeOff([socket]);
  }

  /** The socket's ticket has ended, and so the store holds it no more. */
  forget(socketId: string): void {
    const socket = this.sockets.get(socketId);
    if (socket?.state !== 'attached') return;
    Object.assign(socket, { state: 'joining', told: false, unconfirmed: false });
    this.dropIfIdle(socket);
  }

  /** Every ticket has ended. */
  forgetAll(): void {
    for (const [socketId, socket] of this.sockets) {
      this.forget(socketId);
      if (socket.joins === 0) this.sockets.delete(socketId);
    }
  }

  /** Whether the store holds those that are attached is to be found out. */
  doubtAttached(): void {
    for (const socket of this.sockets.values()) if (socket.state === 'attached') socket.unconfirmed = true;
  }

  /**
   * Takes those off that are gone and that the store may still hold. All of them are asked for in this very turn, so that
   * whatever is asked of the store next comes after them. @throws DomainError as the store does
   */
  async takeOffGone(): Promise<void> {
    const gone = [...this.sockets.values()].filter(
      ({ state, unconfirmed, joins }) => state === 'leaving' && unconfirmed && joins === 0,
    );
    const ends = await Promise.allSettled(chunksOf(gone, DETACH_LIMIT).map((some) => this.takeOff(some)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /**
   * Attaches those anew that are attached and that the store may not hold. Resolves to whether that is all of them: a line
   * that is full takes the others once the trail has caught up.
   *
   * @throws DomainError when it is away again
   */
  async reattach(ref: LineRef): Promise<boolean> {
    let isAll = true;
    const doubtful = [...this.sockets.values()].filter(({ unconfirmed }) => unconfirmed);
    for (const some of chunksOf(doubtful, AT_ONCE)) {
      // Of those that fail no other may still be under way when the line is connected anew.
      const ends = await Promise.allSettled(some.map((socket) => this.reattachOne(ref, socket)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      isAll &&= !some.some(({ state, unconfirmed }) => state === 'attached' && unconfirmed);
    }
    return isAll;
  }

  private async reattachOne(ref: LineRef, socket: LineSocket): Promise<void> {
    if (socket.state !== 'attached' || !socket.unconfirmed) return;
    const { socketId, studentId, presented } = socket;
    let outcome: JoinOutcome;
    socket.joins += 1;
    try {
      outcome = await this.askToAttach(ref, socket, { create: false, presented });
    } catch (error) {
      socket.joins -= 1;
      return this.noteNotReattached(socket, error);
    }
    socket.joins -= 1;
    this.line.onAnswer(outcome);
    // It did not ask; and its ticket has ended meanwhile, or it has closed.
    if (!this.isAttached(socketId) && socket.joins === 0) this.setLeaving(socket);
    const holds = this.noteAnswered(socket, outcome);
    if (!this.isAttached(socketId)) return holds ? this.takeOff([socket], ref) : undefined;
    if (outcome.outcome === 'gone') this.forget(socketId);
    this.line.onReattached(socketId, studentId, outcome);
  }

  /**
   * One that is refused must not keep the line from all others: for good, or for as long as the line is full, which is
   * only emptied while it is followed. @throws when the line is away again
   */
  private noteNotReattached(socket: LineSocket, error: unknown): void {
    this.noteRefused(socket, error);
    if (isNotNow(error)) throw error;
    if (error instanceof DomainError && error.code === 'line_full') return;
    if (socket.state === 'attached') socket.unconfirmed = false;
    const fields = { code: 'socket_not_reattached', room: this.roomId, ...failure(error) };
    this.logger.warn(fields, 'A socket could not be attached anew');
  }

  private askToAttach(
    ref: LineRef,
    socket: LineSocket,
    options: Pick<JoinRequest, 'create' | 'presented'>,
  ): Promise<JoinOutcome> {
    socket.podId = this.line.podId;
    return this.store.join(ref, { studentId: socket.studentId, socket: refOf(socket), ...options });
  }

  private remember(studentId: string, socketId: string): LineSocket {
    const known = this.sockets.get(socketId);
    if (known) {
      // One that has closed while a join of it is under way stays so, whatever else of it comes in.
      if (known.state === 'leaving' && known.joins === 0) known.state = 'joining';
      return known;
    }
    const places = { told: false, joins: 0, podId: this.line.podId, presented: undefined };
    const socket: LineSocket = { socketId, studentId, state: 'joining', unconfirmed: false, ...places };
    this.sockets.set(socketId, socket);
    return socket;
  }

  /** @returns whether the store holds the socket by this answer */
  private noteAnswered(socket: LineSocket, { outcome, ticket }: JoinOutcome): boolean {
    if (outcome === 'gone' || !ticket) {
      if (socket.state !== 'attached') socket.unconfirmed = false;
      this.dropIfIdle(socket);
      return false;
    }
    const { epoch, number, joinedAt } = ticket;
    socket.presented = { epoch, number, joinedAt };
    if (socket.state === 'joining') socket.state = 'attached';
    socket.unconfirmed = false;
    return true;
  }

  /** Whoever is attached stays so; of another nobody may know whether the store has attached it. */
  private noteRefused(socket: LineSocket, error: unknown): void {
    if (socket.state === 'attached') return;
    if (error instanceof DomainError && error.code === 'line_unavailable') socket.unconfirmed = true;
    this.dropIfIdle(socket);
  }

  /** Nothing is under way for it any more: it is forgotten, unless the store may hold it. */
  private dropIfIdle(socket: LineSocket): void {
    if (socket.joins > 0 || socket.state === 'attached') return;
    if (socket.unconfirmed) this.setLeaving(socket);
    else if (this.sockets.get(socket.socketId) === socket) this.sockets.delete(socket.socketId);
  }

  private setLeaving(socket: LineSocket): void {
    socket.state = 'leaving';
    socket.told = false;
  }

  private async takeOff(sockets: LineSocket[], line?: LineRef): Promise<void> {
    for (const socket of sockets) socket.unconfirmed = false;
    const gone = sockets.map(({ studentId, podId, socketId }): StudentSocket => ({ studentId, podId, socketId }));
    const detach = (ref: LineRef): Promise<void> => this.store.detach(ref, gone);
    try {
      await (line ? detach(line) : this.line.call(detach));
    } catch (error) {
      for (const socket of sockets) this.noteStillHeld(socket);
      throw error;
    }
    for (const socket of sockets) if (socket.state === 'leaving') this.dropIfIdle(socket);
  }

  /** It could not be taken off. It may have asked again meanwhile, and even been refused and forgotten. */
  private noteStillHeld(socket: LineSocket): void {
    if (socket.state === 'attached') return;
    socket.unconfirmed = true;
    if (!this.sockets.has(socket.socketId)) this.sockets.set(socket.socketId, socket);
    this.dropIfIdle(socket);
  }
}

const refOf = ({ podId, socketId }: LineSocket): SocketRef => ({ podId, socketId });
