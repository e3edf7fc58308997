/**
 * Bare TCP connections, and the bytes of a position written to each: what the kernel alone costs.
 *
 * PORT (control) and TCP_PORT (connections). `POST /push/on` and `/push/off`.
 */
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { answerControl, everySecond } from './control';

const { PORT, TCP_PORT } = process.env;

const sockets = new Set<Socket>();
createTcpServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
  socket.resume();
}).listen(Number(TCP_PORT), '127.0.0.1');

/** As long as the frame of a position: two bytes of head, and the message. */
const message = { roomId: 'room', position: 1_234, total: 5_000, sequence: 123_456, at: Date.now(), speed: 10 };
const frame = Buffer.from(`\u0081~42${JSON.stringify(['line:position', message])}`, 'latin1');

const { push } = everySecond(() => {
  for (const socket of sockets) socket.write(frame);
});

createServer((request, response) => answerControl(request, response, { push })).listen(Number(PORT), '127.0.0.1');
