import type { JoinRequest, SocketRef } from './line-store';
import type { Ticket } from './ticket';

/** How many sockets the store is asked about at the same time. */
const AT_ONCE = 500;

export interface AttachedSocket {
  socketId: string;
  studentId: string;
  presented: JoinRequest['presented'];
}

/** What a pod remembers of its sockets in one line, and what it owes the store about them. */
export class AttachedSockets {
  private readonly attached = new Map<string, AttachedSocket>();
  /** Sockets that the store may hold though they are gone, or were never told of their place. */
  private readonly doubtful = new Map<string, { studentId: string; socket: SocketRef }>();

  has(socketId: string): boolean {
    return this.attached.has(socketId);
  }

  /** Does something with every one that is attached now, many at once. */
  async each(work: (socket: AttachedSocket) => Promise<void>): Promise<void> {
    const sockets = [...this.attached.values()];
    for (let start = 0; start < sockets.length; start += AT_ONCE) {
      await Promise.all(sockets.slice(start, start + AT_ONCE).map(work));
    }
  }

  remember(socketId: string, { studentId, epoch, number, joinedAt }: Ticket): void {
    this.attached.set(socketId, { socketId, studentId, presented: { epoch, number, joinedAt } });
  }

  /** The socket is gone, or its ticket has ended. Resolves to whether it was attached. */
  forget(socketId: string): boolean {
    return this.attached.delete(socketId);
  }

  /** Nobody knows whether the store holds this socket, which should not be there: it has to be told. */
  doubt(studentId: string, socket: SocketRef): void {
    this.doubtful.set(socket.socketId, { studentId, socket });
  }

  /** The socket joins: if it was doubtful, it is so no more. */
  trust(socketId: string): void {
    this.doubtful.delete(socketId);
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
