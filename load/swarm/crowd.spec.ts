import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { waitFor } from '../support/wait-for';
import { Crowd } from './crowd';
import type { ArrivalPlan, Comer } from './plan';

type Acknowledge = (answer: object) => void;

/** A real socket.io server with a line of its own. */
describe('a crowd', () => {
  const http = createServer((_request, response) => response.end('{}'));
  const io = new Server(http, { pingInterval: 50, pingTimeout: 200 });
  const asked: Record<string, unknown>[] = [];
  let acknowledged = 0;
  let url = '';
  const crowd = new Crowd();
  const comers = (count: number, token = 'good'): Comer[] =>
    Array.from({ length: count }, (_, index) => ({ id: `s${index}`, token }));
  const arrive = (plan: Partial<ArrivalPlan>): void =>
    crowd.arrive({ urls: [url], comers: comers(1), conduct: { kind: 'silent' }, overMs: 0, address: 2, ...plan });

  beforeAll(async () => {
    io.use(({ handshake }, next) => {
      const isKnown = (handshake.auth as { token?: string }).token === 'good';
      next(isKnown ? undefined : Object.assign(new Error('no'), { data: { code: 'not_signed_in' } }));
    });
    io.on('connection', (socket) => {
      socket.on('line:join', (request: Record<string, unknown>, acknowledge: Acknowledge) => {
        const number = asked.push(request);
        acknowledge({ ok: true });
        socket.emit('line:ticket', { ticket: `t${number}`, number, sequence: 7, position: number });
        socket.emit('line:position', { position: number, at: Date.now(), sequence: 8 });
        socket.emit('line:admitted', { expiresAt: Date.now() + 1_000 }, () => (acknowledged += 1));
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    crowd.leave();
    crowd.tally.clear();
    asked.splice(0);
  });
  afterAll(async () => {
    crowd.leave();
    await io.close();
  });

  const counts = () => crowd.tally.counts;
  const until = (isSo: () => boolean): Promise<boolean> => waitFor(isSo);

  it('joins, is told, acknowledges, and outlives its heartbeats', async () => {
    arrive({ comers: comers(20), overMs: 20, conduct: { kind: 'waiting', roomId: 'fall' }, leaseMs: 1_000 });
    await until(() => counts().admitted === 20 && acknowledged === 20 && counts().frames > 20 * 12);
    expect(counts()).toMatchObject({ tried: 20, connected: 20, placed: 20, positions: 20, lost: 0, again: 0 });
    expect(new Set(crowd.numbers()).size).toBe(20);
    expect(crowd.tally.times.joinMs.count).toBe(20);
  });

  it('comes back to its place when it was cut', async () => {
    arrive({ conduct: { kind: 'waiting', roomId: 'fall', extrapolates: true } });
    await until(() => counts().placed === 1);
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
    await until(() => asked.length === 2);
    expect(asked).toEqual([
      { roomId: 'fall', extrapolates: true },
      { roomId: 'fall', extrapolates: true, resume: true, ticket: 't1', seenSequence: 8 },
    ]);
    expect(counts()).toMatchObject({ lost: 1, again: 1, placed: 1 });
  });

  it('counts by its code what refused it', async () => {
    arrive({ comers: comers(3, 'bad') });
    await until(() => crowd.tally.refused.not_signed_in === 3);
    expect(counts().connected).toBe(0);
  });

  it('polls on one connection', async () => {
    arrive({ comers: comers(2), conduct: { kind: 'polling', paths: ['/a', '/b'], everyMs: 5 } });
    await until(() => counts().polls >= 20);
    expect(counts()).toMatchObject({ connected: 2, lost: 0 });
    expect(crowd.tally.refused).toEqual({});
  });
});
