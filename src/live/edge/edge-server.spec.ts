import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { EdgeServer } from './edge-server';

const BACKLOG = 1_024;

describe('the edge server', () => {
  let server: EdgeServer;
  let port: number;
  const clients: Socket[] = [];

  beforeEach(async () => {
    server = new EdgeServer((_request, response) => void response.end('served'));
    server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG });
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    server.close();
    server.closeAllConnections();
  });

  function call(count: number): void {
    for (let i = 0; i < count; i += 1) clients.push(connect(port, '127.0.0.1').on('error', () => undefined));
  }

  /** How many connections are taken in each turn of the event loop, until there are `count`. */
  async function takenByTurn(count: number): Promise<number[]> {
    const turns = [0];
    let taken = 0;
    server.on('connection', () => {
      taken += 1;
      turns[turns.length - 1] = (turns.at(-1) as number) + 1;
    });
    call(count);
    while (taken < count) {
      await new Promise((resolve) => setImmediate(resolve));
      turns.push(0);
    }
    return turns;
  }

  it('takes sixteen waiting connections in one turn of the event loop, where Node takes one', async () => {
    await server.acceptFaster(BACKLOG);
    expect(Math.max(...(await takenByTurn(64)))).toBe(16);
  });

  it('serves what any of its handles has taken', async () => {
    await server.acceptFaster(BACKLOG);
    const answers = Array.from({ length: 40 }, () => fetch(`http://127.0.0.1:${port}/`).then((got) => got.text()));
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['served']));
  });

  it('takes nobody any more once it is closed', async () => {
    await server.acceptFaster(BACKLOG);
    server.close();
    const client = connect(port, '127.0.0.1');
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('takes nobody when it was closed while its handles were copied', async () => {
    const copied = server.acceptFaster(BACKLOG);
    server.close();
    await copied;
    const client = connect(port, '127.0.0.1');
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it.each(['/no/such/program', '/bin/false'])('goes on with one handle when %s copies none', async (program) => {
    await server.acceptFaster(BACKLOG, program);
    expect(Math.max(...(await takenByTurn(8)))).toBe(1);
  });
});
