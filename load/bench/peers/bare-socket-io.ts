/**
 * socket.io and nothing around it: the floor under every service that is built on it. Signed sign-ins are checked as
 * ours are, a place in line is a count, and positions, when they are pushed, are plain emits to each socket.
 *
 * PORT, SIGNING_KEYS (none = nobody is asked who they are), PING_INTERVAL_MS. `POST /push/on` and `/push/off`.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { signingKeyList } from '../../../src/config/kinds';
import type { LinePositionMessage } from '../../../src/contract/line';
import { SigningKeys } from '../../../src/identity/signing-keys';
import { answerControl, everySecond } from './control';

const { PORT, SIGNING_KEYS, PING_INTERVAL_MS = '10000' } = process.env;
const keys = SIGNING_KEYS ? new SigningKeys(signingKeyList.parse(SIGNING_KEYS)) : undefined;

const http = createServer((request, response) => answerControl(request, response, { push }));
const io = new Server(http, {
  transports: ['websocket', 'polling'],
  pingInterval: Number(PING_INTERVAL_MS),
  pingTimeout: Number(PING_INTERVAL_MS),
  perMessageDeflate: false,
  serveClient: false,
});

io.use((socket, next) => {
  if (!keys) return next();
  const { token } = socket.handshake.auth as { token?: string };
  const claims =
    token === undefined ? undefined : (keys.verifyCompact('sign-in', token) as { sub: string } | undefined);
  if (!claims) return next(new Error('not_signed_in'));
  (socket.data as { studentId: string }).studentId = claims.sub;
  next();
});

let joined = 0;
io.on('connection', (socket) => {
  // As engine.io's documentation recommends for many connections.
  (socket.conn as { request?: unknown }).request = undefined;
  socket.on('line:join', (_request: unknown, acknowledge: (answer: object) => void) => {
    acknowledge({ ok: true, state: 'waiting' });
    socket.emit('line:ticket', { ticket: 't', number: (joined += 1), sequence: 0 });
  });
});

let moved = 0;
const { push } = everySecond(() => {
  moved += 1;
  let number = 0;
  for (const socket of io.sockets.sockets.values()) {
    number += 1;
    const total = io.sockets.sockets.size;
    const message: LinePositionMessage = {
      ...{ roomId: 'room', position: number, total, sequence: moved, at: Date.now(), speed: 10 },
    };
    socket.emit('line:position', message);
  }
});

http.listen(Number(PORT), '127.0.0.1');
