import { connect, Socket } from 'node:net';
import { troublesIn } from '../../support/log-lines';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { untilLive } from '../../support/demo-room';
import { RawPolling, RawSocket } from './raw-client';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const METRICS_TOKEN = 'another-token-for-these-tests-only';
const PING_MS = 1_000;
/** Long enough for two thousand connections to be open at the same time on a busy machine. */
const CONNECT_TIMEOUT_MS = 5_000;
/** More requests than a pod works on at once. */
const MORE_THAN_UNDER_WAY = 5_100;
/** What one socket may send: at once, and then per second. */
const MESSAGES = { burst: 40, perSecond: 10 };

/** Mishaps that no client may be able to cause; a machine that is busy may well cause a warning. */
const problemsOf = (of: Pod): string[] => troublesIn(of.output());

describe('hostile clients', () => {
  let pod: Pod;
  let operator: OperatorClient;
  let rooms = 0;
  const tabs: StudentTab[] = [];
  const endings: (() => void)[] = [];

  beforeAll(async () => {
    pod = await startPod({
      env: {
        OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`,
        METRICS_TOKEN,
        CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MS),
        PING_INTERVAL_MS: String(PING_MS),
        PING_TIMEOUT_MS: String(PING_MS),
      },
    });
    operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
  });
  afterEach(async () => {
    for (const tab of tabs.splice(0)) tab.close();
    for (const end of endings.splice(0)) end();
    await waitFor(async () => (await socketsOfPod()) === 0, { what: 'all sockets to be gone' });
    expect(problemsOf(pod)).toEqual([]);
  });
  afterAll(() => pod.stop());

  const socketsOfPod = async (): Promise<number> => {
    const response = await fetch(`${pod.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    return Number(/^sunbeon_sockets (\d+)$/m.exec(await response.text())?.[1]);
  };

  async function room(): Promise<string> {
    const id = `hostile-${(rooms += 1)}`;
    await operator.createRoom(id, { control: 'paused' });
    await untilLive([pod], id);
    return id;
  }

  /** A student who behaves, and gets a place. */
  async function expectHonestStudentServed(roomId: string): Promise<void> {
    const tab = await StudentTab.open(pod.url, `honest-${(rooms += 1)}`);
    tabs.push(tab);
    expect((await tab.join(roomId)).number).toBeGreaterThan(0);
  }

  async function rawSocket(studentId: string): Promise<RawSocket> {
    const raw = await RawSocket.connected(pod.url, await signIn(pod.url, studentId));
    endings.push(() => raw.close());
    return raw;
  }

  function tcp(): Socket {
    const socket = connect({ port: pod.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    socket.resume();
    endings.push(() => socket.destroy());
    return socket;
  }

  it('that never finish a handshake are cut, two thousand of them, and others are served meanwhile', async () => {
    const id = await room();
    const upgrade = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n';
    const body =
      'POST /api/sign-in/demo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';
    const beginnings = ['', 'G', upgrade, body];
    let closed = 0;
    const sockets = Array.from({ length: 2_000 }, (_, index) => {
      const socket = tcp();
      socket.on('close', () => (closed += 1));
      socket.write(beginnings[index % beginnings.length] ?? '');
      return socket;
    });
    const drip = setInterval(() => {
      sockets.forEach((socket, index) => index % 4 === 2 && socket.writable && socket.write('x'));
    }, 250);
    endings.push(() => clearInterval(drip));
    await waitFor(() => sockets.filter(({ readyState }) => readyState === 'open').length > 1_000);
    await expectHonestStudentServed(id);
    await waitFor(() => closed === sockets.length, { what: 'all to be cut' });
  });

  it.each<[string, (raw: RawSocket) => void]>([
    ['that never sign in', () => undefined],
    ['that are closed for what they send', (raw) => raw.send('2')],
  ])('%s are gone, though they agree to no close', async (_, act) => {
    const raw = new RawSocket(pod.url);
    endings.push(() => raw.close());
    await raw.next();
    raw.ignoreCloses();
    act(raw);
    await raw.untilClosed();
  });

  it('that announce bodies which never come take the place of nobody', async () => {
    const head =
      'POST /api/sign-in/demo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n';
    const sockets = Array.from({ length: MORE_THAN_UNDER_WAY }, () => {
      const socket = tcp();
      socket.write(`${head}\r\n{`);
      return socket;
    });
    await waitFor(() => sockets.every(({ pending }) => !pending), { what: 'all to be connected' });
    for (const path of ['/healthz', '/readyz', '/api/door', '/api/rooms']) {
      expect([path, (await fetch(pod.url + path)).status]).toEqual([path, 200]);
    }
    expect(await signIn(pod.url, 'unhindered')).not.toBe('');
  });

  describe('that ask for much at once on one connection', () => {
    /** The answers of all, until the connection is closed. */
    async function pipelined(count: number): Promise<number[]> {
      const socket = tcp();
      let answers = '';
      let closed = false;
      socket.on('data', (chunk: Buffer) => (answers += chunk.toString()));
      socket.on('close', () => (closed = true));
      socket.write('GET /api/terms/20251/sections?query=a HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count));
      await waitFor(() => closed, { what: 'the connection to be closed' });
      return [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
    }

    it('are answered some, and then told', async () => {
      expect(await pipelined(20)).toEqual([...Array.from({ length: 8 }, () => 200), 429]);
    });

    it('are cut when it is a flood', async () => {
      expect((await pipelined(5_500)).length).toBeLessThanOrEqual(9);
    });
  });

  it('that ask by HTTP have the pace of a socket, and one for both', async () => {
    const token = await signIn(pod.url, 'hasty');
    const drop = async (key: number): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `hasty-${key}` };
      return (await fetch(`${pod.url}/api/terms/20251/enrolments/none`, { method: 'DELETE', headers })).status;
    };
    const statuses: number[] = [];
    while (!statuses.includes(429)) statuses.push(await drop(statuses.length));
    expect(statuses.length).toBeGreaterThan(MESSAGES.burst);

    const raw = await RawSocket.connected(pod.url, token);
    endings.push(() => raw.close());
    const refused = async (): Promise<boolean> => {
      await Promise.all(Array.from({ length: MESSAGES.burst }, (_, key) => drop(1_000 + key)));
      raw.send('421["line:leave",{"roomId":"none"}]');
      return (await raw.next()).includes('too_many_requests');
    };
    // So seldom that the socket's own pace is kept.
    await waitFor(refused, { what: 'the refusal', intervalMs: 200 });
    expect(await signIn(pod.url, 'calm')).not.toBe('');
  });

  it('that flood with messages are told so, and then cut', async () => {
    const began = performance.now();
    const raw = await rawSocket('flood');
    const flood = (from: number, to: number): void => {
      for (let id = from; id <= to; id += 1) raw.send(`42${id}["line:leave",{"roomId":"none"}]`);
    };
    const told = (): string[] => raw.frames.flatMap((frame) => /"code":"(\w+)"/.exec(frame)?.[1] ?? []);
    // Cut in the same turn, a flood would be gone before it could be told anything.
    flood(1, 100);
    await waitFor(() => told().includes('too_many_requests'), { what: 'the first refusal' });
    flood(101, 400);
    await raw.untilClosed();
    const codes = told();
    expect(new Set(codes)).toEqual(new Set(['room_not_found', 'too_many_requests']));
    const allowed = MESSAGES.burst + (MESSAGES.perSecond * (performance.now() - began)) / 1_000;
    expect(codes.filter((code) => code === 'room_not_found').length).toBeLessThanOrEqual(allowed);
  });

  it.each<[string, (raw: RawSocket) => void]>([
    ['heartbeats', (raw) => raw.send('3')],
    ['unknown namespaces', (raw) => raw.send('40/none,')],
    ['answers that nobody asked for', (raw) => raw.send('431[]')],
    ['halves of messages with attachments', (raw) => raw.send('452-["x",{"_placeholder":true,"num":0}]')],
    ['pings of the WebSocket', (raw) => raw.socket.ping('x'.repeat(100))],
    ['pongs of the WebSocket', (raw) => raw.socket.pong('x'.repeat(100))],
  ])('that flood with %s are cut', async (_, send) => {
    const raw = await rawSocket('frames');
    for (let count = 0; count < 1_000; count += 1) send(raw);
    await raw.untilClosed();
  });

  it('that flood before they have signed in are cut', async () => {
    const raw = new RawSocket(pod.url);
    endings.push(() => raw.close());
    await raw.next();
    for (let count = 0; count < 1_000; count += 1) raw.send('40{"token":"forged"}');
    await raw.untilClosed();
  });

  it('that flood by long-polling are cut', async () => {
    const session = await RawPolling.connected(pod.url, await signIn(pod.url, 'poll-flood'));
    await session.postAll(...Array.from({ length: 1_000 }, () => '3')).catch(() => undefined);
    expect((await session.poll()).status).toBe(400);
  });

  it('get one socket for each connection, however often they ask in one breath', async () => {
    const token = await signIn(pod.url, 'greedy');
    const session = await RawPolling.open(pod.url);
    await session.postAll(...Array.from({ length: 10 }, () => `40${JSON.stringify({ token })}`));
    const answers = await session.packets(10);
    expect(answers.filter((answer) => answer.startsWith('40'))).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith('44{"message":"invalid_input"'))).toHaveLength(9);
    expect(await socketsOfPod()).toBe(1);
    await session.post('1');
  });

  it('get no more sockets than a student may have', async () => {
    const token = await signIn(pod.url, 'many');
    for (let count = 0; count < 8; count += 1) {
      const raw = await RawSocket.connected(pod.url, token);
      endings.push(() => raw.close());
    }
    await expect(RawSocket.connected(pod.url, token)).rejects.toThrow('too_many_sockets');
  });

  it('that sign in without end are told to wait, and nobody else at their address is', async () => {
    const attempt = async (studentId: string): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ studentId });
      return (await fetch(`${pod.url}/api/sign-in/demo`, { method: 'POST', headers, body })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 40 }, () => attempt('restless')));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await attempt('patient')).toBe(200);
  });

  it.each([
    ['arrays in arrays', `${'['.repeat(1_900)}${']'.repeat(1_900)}`],
    ['a prototype of their own', '{"roomId":"x","__proto__":{"isOperator":true}}'],
    ['a constructor of their own', '{"roomId":"x","constructor":{"prototype":{"isOperator":true}}}'],
    ['nothing', 'null'],
    ['a number', '1e308'],
  ])('that send %s are refused', async (_, payload) => {
    const raw = await rawSocket('strange');
    for (const [index, event] of ['line:join', 'line:leave', 'seats:watch', 'enrolment:commit', 'toString'].entries()) {
      raw.send(`42${index}["${event}",${payload}]`);
      expect(await raw.next()).toMatch(new RegExp(`^43${index}\\[\\{"ok":false,"error":\\{"code":"invalid_input"`));
    }
  });

  it('that send a body of arrays in arrays are refused', async () => {
    const body = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${pod.url}/api/sign-in/demo`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
  });
});
