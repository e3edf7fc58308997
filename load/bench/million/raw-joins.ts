import { connect, type Socket } from 'node:net';
import type { LineRef, LineStore } from '../../../src/line/line-store';
import type { RedisClients } from '../../../src/redis/redis-clients';

const [STUDENT, SOCKET] = ['the-student-recorded', 'the-socket-recorded-'];
/** Joins in one write. */
const AT_ONCE = 250;
/** Joins that wait for their answer at the same time. */
const IN_FLIGHT = 2_000;
const [ARRAY, ERROR] = [0x2a, 0x2d];

/** The join script's call as the product sends it, to be sent for others. The student of the recording has a place then. */
export async function recordJoin(
  clients: RedisClients,
  store: LineStore,
  ref: LineRef,
  podId: string,
): Promise<(student: string, socket: string) => string> {
  const commands = clients.commands as unknown as { evalsha?: (...given: unknown[]) => unknown };
  const send = commands.evalsha?.bind(clients.commands);
  let recorded: unknown[] = [];
  commands.evalsha = (...given) => {
    recorded = ['evalsha', ...given];
    return send?.(...given);
  };
  await store.join(ref, { studentId: STUDENT, socket: { podId, socketId: SOCKET }, create: true });
  delete commands.evalsha;
  const text = (value: unknown): string => `$${Buffer.byteLength(String(value))}\r\n${String(value)}\r\n`;
  const whole = `*${recorded.length}\r\n${recorded.map(text).join('')}`;
  const [before = '', between = '', after = ''] = whole.split(new RegExp(`${escaped(STUDENT)}|${escaped(SOCKET)}`));
  return (student, socket) => before + text(student) + between + text(socket) + after;
}

const escaped = (value: string): string => `\\$${value.length}\\r\\n${value}\\r\\n`;

/**
 * Sends joins as fast as the server answers them, on one connection and without any client library: what is measured is
 * the server.
 */
export class RawJoins {
  answered = 0;
  refused = 0;
  private sent = 0;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly command: (student: string, socket: string) => string,
  ) {
    socket.on('data', (chunk) => {
      // An answer is an array of three; neither sign is part of a number, a state or an outcome.
      for (const byte of chunk) {
        if (byte === ARRAY) this.answered += 1;
        else if (byte === ERROR) this.refused += 1;
      }
      this.wake();
    });
  }

  static async open(port: number, command: (student: string, socket: string) => string): Promise<RawJoins> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawJoins(socket, command);
  }

  /** @param mayGoOn false while the trail is too far behind */
  async run(students: number, mayGoOn: (answered: number) => boolean): Promise<void> {
    while (this.answered + this.refused < students) {
      const free = this.sent < students && this.sent - this.answered - this.refused < IN_FLIGHT;
      if (free && mayGoOn(this.answered)) this.write(Math.min(students, this.sent + AT_ONCE));
      else await new Promise<void>((resolve) => ((this.wake = resolve), setTimeout(resolve, 5)));
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private write(through: number): void {
    let joins = '';
    for (; this.sent < through; this.sent += 1) {
      const id = String(this.sent).padStart(7, '0');
      // As long as a student's number, and as the ids that engine.io makes.
      joins += this.command(`2025-${id}`, `engine-socket${id}`);
    }
    this.socket.write(joins);
  }
}
