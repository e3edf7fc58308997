import { Logger } from '@nestjs/common';
import { spawn } from 'node:child_process';
import { Server } from 'node:http';
import { createServer, type Server as Acceptor, type Socket } from 'node:net';
import { failure } from '../../common/text';

/**
 * Handles that listen on the one port. Node takes one new connection per turn of its event loop and listening handle: of
 * the many who come in the second in which a room opens, a pod whose turns last 10 ms would take 100 a second with one,
 * while the others wait in the kernel, unseen. A handle costs one more look (of a microsecond) at each new connection.
 */
const HANDLES = 16;
/** How long the helper may take to start and to give the handles back, ms. */
const HELPER_PATIENCE_MS = 15_000;
/** Gives back, as often as it is told, the handle that it is given, and ends. It never listens on it itself. */
const HELPER = `process.on('message', (count, handle) => {
  const giveBack = (left) => (left > 0 ? process.send(left, handle, () => giveBack(left - 1)) : process.disconnect());
  giveBack(count);
})`;

/** What Node listens with; private to it, but it is this that its own `cluster` passes between processes. */
type Listening = Server & { _handle: never };

/**
 * An HTTP server that takes connections as fast as a crowd comes, once `acceptFaster` has been called: its port is then
 * listened on by several handles of the same socket, with one queue in the kernel. A connection is the same whichever
 * handle has taken it: it is announced by the server's `connection`, and everything else follows from there.
 *
 * Within one process Node cannot copy a handle. A short-lived helper process gets it and sends it back, which makes a copy
 * each time. (SO_REUSEPORT would do without, from Node 23.1 on, but with a queue for each handle, some longer than others;
 * and it lets a second pod, started by mistake on the same port, silently take half of the students.)
 */
export class EdgeServer extends Server {
  private readonly logger = new Logger('Edge');
  private acceptors: Acceptor[] = [];
  private isClosed = false;

  /**
   * To be called when it listens. When there can be no copies, it goes on with the handle that it has, and says so.
   *
   * @param backlog as it was listened with
   * @param program what runs the helper: Node
   */
  async acceptFaster(backlog: number, program = process.execPath): Promise<void> {
    try {
      await this.copyHandle(program, (copy) => this.acceptBy(copy, backlog));
    } catch (error) {
      if (this.isClosed) return;
      const fields = { code: 'accepts_slowly', handles: 1 + this.acceptors.length, ...failure(error) };
      this.logger.warn(fields, 'New connections are taken more slowly than they could be');
    }
  }

  override close(callback?: (error?: Error) => void): this {
    this.isClosed = true;
    for (const acceptor of this.acceptors.splice(0)) acceptor.close();
    return super.close(callback);
  }

  private acceptBy(handle: object, backlog: number): void {
    // As an HTTP server takes them itself.
    const acceptor = createServer({ allowHalfOpen: true, noDelay: true });
    acceptor.on('connection', (socket: Socket) => this.emit('connection', socket));
    acceptor.on('error', (error) => this.emit('error', error));
    acceptor.listen(handle, backlog);
    if (this.isClosed) acceptor.close();
    else this.acceptors.push(acceptor);
  }

  private copyHandle(program: string, take: (copy: object) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      // Without what this process was told by its environment: a debugger's port, or how much memory to take.
      const helper = spawn(program, ['-e', HELPER], { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      const late = setTimeout(() => helper.kill('SIGKILL'), HELPER_PATIENCE_MS);
      let missing = HANDLES - 1;
      helper.on('message', (_left, copy) => {
        missing -= 1;
        take(copy as object);
      });
      const end = (error?: Error): void => {
        clearTimeout(late);
        if (missing === 0) resolve();
        else reject(error ?? new Error(`${missing} of the handles did not come back`));
      };
      helper.on('error', end);
      helper.on('close', () => end());
      helper.send(missing, (this as unknown as Listening)._handle, (error) => void (error && helper.kill('SIGKILL')));
    });
  }
}
