import { createServer, connect, type Server, type Socket } from 'node:net';
import { hasCommit } from '../../support/commit-packet';
import { freePort } from '../../../load/servers/ports';

/** What becomes of the next COMMIT: it never arrives, or it is done but its answer never comes back. */
export type CommitFault = 'lost_before' | 'lost_after';

/** A TCP proxy in front of MySQL or MariaDB that can lose one COMMIT at a time, or go away and come back. */
export class CommitProxy {
  /** Applied once, to the next COMMIT. */
  fault?: CommitFault;
  private readonly sockets = new Set<Socket>();
  private server?: Server;

  private constructor(
    readonly url: string,
    private readonly port: number,
    private readonly target: number,
  ) {}

  static async start(databaseUrl: string): Promise<CommitProxy> {
    const url = new URL(databaseUrl);
    const target = Number(url.port);
    url.port = String(await freePort());
    const proxy = new CommitProxy(url.href, Number(url.port), target);
    await proxy.listen();
    return proxy;
  }

  async listen(): Promise<void> {
    const server = createServer((client) => this.forward(client));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  /** Ends every connection and takes no more. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = server && new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private forward(client: Socket): void {
    const upstream = connect(this.target, '127.0.0.1');
    let mute = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.on('data', (data) => {
      const { fault } = this;
      if (!fault || !hasCommit(data)) return void upstream.write(data);
      this.fault = undefined;
      if (fault === 'lost_before') return end();
      mute = true;
      upstream.write(data);
    });
    upstream.on('data', (data) => (mute ? end() : void client.write(data)));
  }
}
