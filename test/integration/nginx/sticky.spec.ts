import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { io, ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import { checkNginx } from '../../../load/servers/nginx';
import { waitFor } from '../../../load/support/wait-for';
import { Fleet, startFleet } from './fleet';

type Transports = NonNullable<ManagerOptions['transports']>;

const CLIENTS = 24;

describe('the nginx configuration', () => {
  it('is accepted by nginx without a warning', async () => {
    const { code, output } = await checkNginx(['127.0.0.1:3001', '127.0.0.1:3002']);
    expect(output).not.toMatch(/\[(warn|emerg|alert|error)\]/);
    expect(code).toBe(0);
  });

  it('gives no address all the connections of a worker, and a worker descriptors for all of them', () => {
    const text = readFileSync(join(__dirname, '../../../deploy/nginx/nginx.conf'), 'utf8');
    const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
    const connections = number(/worker_connections (\d+);/);
    // A client and its pod are a connection each.
    expect(2 * number(/limit_conn \w+ (\d+);/)).toBeLessThan(connections);
    expect(number(/worker_rlimit_nofile (\d+);/)).toBeGreaterThan(connections);
  });
});

describe('two pods behind nginx', () => {
  let fleet: Fleet;
  const clients: Socket[] = [];
  /** Of all clients of a test: why a connection was not taken. */
  const failures: string[] = [];

  beforeAll(async () => {
    fleet = await startFleet();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    failures.length = 0;
    await fleet.repair();
    await waitFor(async () => (await socketsOfPods()).every((count) => count === 0), {
      what: 'all sockets to be gone',
    });
  });
  afterAll(() => fleet.stop());

  async function connect(options: Partial<ManagerOptions & SocketOptions>): Promise<Socket> {
    const auth = await fleet.credentials();
    const socket = io(fleet.url, {
      auth,
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      ...options,
    });
    socket.on('connect_error', ({ message }) => failures.push(message));
    clients.push(socket);
    return socket;
  }

  const connectMany = (options: Partial<ManagerOptions & SocketOptions>): Promise<Socket[]> =>
    Promise.all(Array.from({ length: CLIENTS }, () => connect(options)));

  const untilConnected = (sockets: Socket[]): Promise<true> =>
    waitFor(() => sockets.every(({ connected }) => connected), { what: 'all clients to be connected' });

  const socketsOfPods = (): Promise<number[]> => Promise.all(fleet.pods.map((pod) => pod.sockets()));

  async function expectNobodyLost(sockets: Socket[]): Promise<void> {
    const lost: string[] = [];
    for (const socket of sockets) socket.on('disconnect', (reason) => lost.push(reason));
    for (let round = 0; round < 5; round += 1) await Promise.all(sockets.map((socket) => fleet.ask(socket)));
    expect(lost).toEqual([]);
  }

  it.each<[string, Transports, boolean]>([
    ['WebSocket, with cookies', ['websocket'], true],
    ['WebSocket, ignoring cookies', ['websocket'], false],
    ['long-polling', ['polling'], true],
    ['long-polling, then WebSocket', ['polling', 'websocket'], true],
  ])('serves first-time clients by %s, each on one pod', async (_, transports, withCredentials) => {
    const sockets = await connectMany({ transports, withCredentials });
    await untilConnected(sockets);
    await expectNobodyLost(sockets);
    expect(failures).toEqual([]);
    const counts = await socketsOfPods();
    expect(counts.reduce((sum, count) => sum + count)).toBe(CLIENTS);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it.each<[string, Transports]>([
    ['WebSocket', ['websocket']],
    ['long-polling', ['polling']],
  ])('brings the clients of a killed pod back on the other by %s', async (_, transports) => {
    const sockets = await connectMany({ transports, withCredentials: true });
    await untilConnected(sockets);
    await fleet.pods[0]?.kill();
    await waitFor(async () => (await fleet.pods[1]?.sockets()) === CLIENTS, { what: 'all clients on the other pod' });
    await untilConnected(sockets);
    await expectNobodyLost(sockets);
  });

  it.each<[string, (client: number) => Record<string, string>, number]>([
    ['keeps the clients of one cookie on one pod', () => ({}), 1],
    ['keeps them together when they ask for another pod alike', () => ({ hop: '1' }), 1],
    [
      'brings them to the other pod as well when they ask for another one again and again',
      (hop) => ({ hop: `${hop}` }),
      2,
    ],
  ])('%s', async (_, query, pods) => {
    const cookie = (await fetch(fleet.url)).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toContain('sunbeon_pod=');
    const options = { transports: ['websocket'], extraHeaders: { cookie } };
    const sockets = await Promise.all(
      Array.from({ length: CLIENTS }, (__, client) => connect({ ...options, query: query(client) })),
    );
    await untilConnected(sockets);
    expect((await socketsOfPods()).filter((count) => count > 0)).toHaveLength(pods);
  });

  it('keeps the metrics from the public', async () => {
    const headers = { Authorization: `Bearer ${fleet.metricsToken}` };
    for (const path of [
      '/metrics',
      '/metrics/',
      '/METRICS',
      '/metrics?all=1',
      '//metrics',
      '/%6detrics',
      '/api/../metrics',
    ]) {
      expect([path, (await fetch(`${fleet.url}${path}`, { headers })).status]).toEqual([path, 404]);
    }
  });
});
