import { chunksOf } from '../../common/collections';
import type { JoinRequest, SocketRef } from '../line-store';
import type { Ticket } from '../ticket';

/** How many sockets the store is asked about at the same time. */
const AT_ONCE = 500;

export interface AttachedSocket {
  socketId: string;
  studentId: string;
  presented: JoinRequest['presented'];
  /** The place was told on it. */
  told: boolean;
}

/** What a pod remembers of its sockets in one line, and what it owes the store about them. */
export class AttachedSockets {
  private readonly attached = new Map<string, AttachedSocket>();
  /** Joins whose answer is not here yet, by socket. */
  private readonly joining = new Map<string, { joins: number; gone: boolean }>();
  /** Sockets that the store may hold though they are gone, or were never told of their place. */
  private readonly doubtful = new Map<string, { studentId: string; socket: SocketRef }>();

  has(socketId: string): boolean {
    return this.attached.has(socketId);
  }

  /** Does something with every one that is attached now, many at once. */
  async each(work: (socket: AttachedSocket) => Promise<void>): Promise<void> {
    for (const some of chunksOf([...this.attached.values()], AT_ONCE)) await Promise.all(some.map(work));
  }

  /** Asks the store to attach a socket, which may go meanwhile. If it was doubtful, it is so no more. */
  async join<T>(socketId: string, ask: () => Promise<T>): Promise<{ answer: T; gone: boolean }> {
    const under = this.joining.get(socketId) ?? { joins: 0, gone: false };
    this.joining.set(socketId, under);
    under.joins += 1;
    this.doubtful.delete(socketId);
    try {
      return { answer: await ask(), gone: under.gone };
    } finally {
      under.joins -= 1;
      if (under.joins === 0) this.joining.delete(socketId);
    }
  }

  remember(socketId: string, { studentId, epoch, number, joinedAt }: Ticket): void {
    const told = this.attached.get(socketId)?.told ?? false;
    this.attached.set(socketId, { socketId, studentId, presented: { epoch, number, joinedAt }, told });
  }

  /** The student knows the place by this socket. */
  noteTold(socketId: string): void {
    const socket = this.attached.get(socketId);
    if (socket) socket.told = true;
  }

  isTold(socketId: string): boolean {
    return this.attached.get(socketId)?.told ?? false;
  }

  /** Its ticket has ended, or it is gone. Whether it was attached. */
  forget(socketId: string): boolean {
    return this.attached.delete(socketId);
  }

  /** The socket is gone; a join of its that is under way attaches nothing. Whether it was attached. */
  leave(socketId: string): boolean {
    const under = this.joining.get(socketId);
    if (under) under.gone = true;
    return this.forget(socketId);
  }

  /** Nobody knows whether the store holds this socket, which should not be there: it has to be told. */
  doubt(studentId: string, socket: SocketRef): void {
    this.doubtful.set(socket.socketId, { studentId, socket });
  }

  /** Takes the doubtful sockets off the store, one by one; one that fails stays doubtful. */
  async settle(detach: (studentId: string, socket: SocketRef) => Promise<void>): Promise<void> {
    for (const [socketId, { studentId, socket }] of [...this.doubtful]) {
      if (!this.doubtful.delete(socketId)) continue;
      try {
        await detach(studentId, socket);
      } catch (error) {
        if (!this.attached.has(socketId)) this.doubt(studentId, socket);
        throw error;
      }
    }
  }
}
