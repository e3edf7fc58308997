import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { memoryStorage } from '../../../client/sdk/storage';
import { SunbeonClient } from '../../../client/sdk/sunbeon-client';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';

/** A network in which the first WebSocket handshake is lost without a word: it is never answered, and never ends. */
class BadNetwork {
  lost = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(private readonly target: number) {
    this.server = createServer((client) => {
      this.keep(client);
      client.once('data', (data) => this.carry(client, data));
    });
  }

  static async start(target: number): Promise<BadNetwork> {
    const network = new BadNetwork(target);
    network.server.listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private carry(client: Socket, first: Buffer): void {
    if (this.lost === 0 && first.includes('Upgrade: websocket')) {
      this.lost += 1;
      return;
    }
    const upstream = connect(this.target, '127.0.0.1');
    this.keep(upstream);
    upstream.write(first);
    client.pipe(upstream).pipe(client);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    // An error is followed by the close.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
  }
}

describe('our own client whose handshake is lost', () => {
  let pod: Pod;
  let network: BadNetwork;
  const clients: SunbeonClient[] = [];

  beforeAll(async () => {
    pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
    network = await BadNetwork.start(pod.port);
    await new OperatorClient(pod.url, OPERATOR_TOKEN).createRoom('fall', { ratePerSecond: 0 });
  });
  afterAll(async () => {
    for (const client of clients) client.end();
    await network.stop();
    await pod.stop();
  });

  it('gives it up and gets in with the next one', async () => {
    const client = new SunbeonClient({ url: network.url, storage: memoryStorage() });
    clients.push(client);
    client.acceptSignIn({ token: await signIn(pod.url, 'anna'), student: { id: 'anna', name: 'Anna' } });
    client.join('fall');
    // Less patience than socket.io has by itself.
    await waitFor(() => client.state.place.phase === 'waiting', { what: 'the place' });
    expect(network.lost).toBe(1);
  });
});
