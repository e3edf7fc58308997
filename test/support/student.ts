import { setTimeout as pause } from 'node:timers/promises';
import { io, Socket } from 'socket.io-client';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/contract/events';
import type { Reply, WireError } from '../../src/contract/errors';
import type {
  LineAdmittedMessage,
  LineJoinRequest,
  LineLeftMessage,
  LinePositionMessage,
  LineTicketMessage,
} from '../../src/contract/line';
import type { Cluster } from '../../load/servers/cluster';
import { ServiceApi, type SignedIn } from '../../load/support/service-api';
import { waitFor } from '../../load/support/wait-for';

type Requests = {
  [Event in keyof ClientToServerEvents]: Parameters<ClientToServerEvents[Event]>[0];
};

/** Signs in by the demo, and gives the sign-in token. */
export async function signIn(url: string, studentId: string): Promise<string> {
  const [signedIn] = await new ServiceApi(url).signInDemo([studentId]);
  return (signedIn as SignedIn).token;
}

/** Signs in with the provider's token, by nginx or at one of the pods. */
export async function signInSso(
  cluster: Pick<Cluster, 'url' | 'ssoToken'>,
  studentId: string,
  url = cluster.url,
): Promise<SignedIn> {
  const [signedIn] = await new ServiceApi(url).signInSso([await cluster.ssoToken(studentId)]);
  return signedIn as SignedIn;
}

/** Between two tries of what may succeed later, ms. */
const RETRY_MS = 200;

interface TabOptions {
  transports?: string[];
  /** ms. */
  reconnectionDelay?: number;
  reconnectionDelayMax?: number;
}

/** What the line refuses with that may take a place a moment later. */
const AWAY: readonly string[] = ['line_unavailable', 'line_recovering'];

/** One tab of one student: a socket, and everything it was told. */
export class StudentTab {
  readonly tickets: LineTicketMessage[] = [];
  readonly positions: number[] = [];
  readonly admissions: LineAdmittedMessage[] = [];
  readonly left: LineLeftMessage[] = [];
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  /** Whether admissions are acknowledged, as a page does. */
  acknowledges = true;

  constructor(url: string, token: string, options: TabOptions = {}) {
    this.socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, ...options });
    this.socket.on('line:ticket', (message) => {
      this.tickets.push(message);
      // 0: withheld, because it could still rise
      if (message.state === 'waiting' && message.position > 0) this.positions.push(message.position);
    });
    this.socket.on('line:position', ({ position }: LinePositionMessage) => this.positions.push(position));
    this.socket.on('line:left', (message) => this.left.push(message));
    this.socket.on('line:admitted', (message, acknowledge) => {
      this.admissions.push(message);
      if (this.acknowledges) acknowledge();
    });
  }

  /** Signs in and opens a tab that is connected. */
  static async open(url: string, studentId: string, options: { transports?: string[] } = {}): Promise<StudentTab> {
    const tab = new StudentTab(url, await signIn(url, studentId), options);
    await tab.connected();
    return tab;
  }

  get ticket(): LineTicketMessage | undefined {
    return this.tickets.at(-1);
  }

  async connected(): Promise<void> {
    await waitFor(() => this.socket.connected, { what: 'the socket to connect' });
  }

  request<Event extends keyof ClientToServerEvents>(event: Event, request: Requests[Event]): Promise<Reply> {
    const socket = this.socket as unknown as {
      timeout: (ms: number) => { emitWithAck: (event: string, request: unknown) => Promise<Reply> };
    };
    return socket.timeout(60_000).emitWithAck(event, request);
  }

  /** Joins, and resolves to the ticket. While the line is away it is asked again, as every client does. */
  async join(roomId: string, request: Partial<LineJoinRequest> = {}): Promise<LineTicketMessage> {
    const before = this.tickets.length;
    const ask = async (): Promise<Reply | undefined> => {
      const reply = await this.request('line:join', { roomId, ...request });
      return !reply.ok && AWAY.includes(reply.error.code) ? undefined : reply;
    };
    const reply = await waitFor(ask, { what: 'the line', intervalMs: 250 });
    if (!reply.ok) throw Object.assign(new Error(`join: ${reply.error.code}`), { error: reply.error });
    await waitFor(() => this.tickets.length > before, { what: 'the ticket' });
    return this.tickets.at(-1) as LineTicketMessage;
  }

  /**
   * Comes back to the place from now on whenever the connection was lost, as a page does, and asks again where that may help.
   *
   * @param onAnswer told of each return, and of a refusal for good
   */
  keepPlace(roomId: string, onAnswer: (answer: LineTicketMessage | Error) => void = () => undefined): void {
    this.socket.on('connect', () => {
      this.comeBack(roomId).then((ticket) => ticket && onAnswer(ticket), onAnswer);
    });
  }

  async admitted(): Promise<LineAdmittedMessage> {
    await waitFor(() => this.admissions.length > 0, { what: 'the admission' });
    return this.admissions.at(-1) as LineAdmittedMessage;
  }

  close(): void {
    this.socket.disconnect();
  }

  /** Undefined when the connection went away under the question: the next one asks again. */
  private async comeBack(roomId: string): Promise<LineTicketMessage | undefined> {
    const connection = this.socket.id;
    while (this.socket.id === connection) {
      const { ticket, sequence } = this.ticket ?? {};
      try {
        return await this.join(roomId, { resume: true, ticket, seenSequence: sequence });
      } catch (error) {
        const { error: refusal } = error as { error?: WireError };
        if (refusal && !refusal.retryable) throw error;
        await pause(RETRY_MS);
      }
    }
    return undefined;
  }
}
