import { Pod, startPod } from '../../../load/servers/pod';
import { signIn } from '../../support/student';
import { RawSocket } from './raw-client';

/** ms. As short as tests that wait for their end need it, and long enough for a busy machine to answer in time. */
export const PING = { interval: 500, timeout: 1_500 };
const CONNECT_TIMEOUT_MS = 2_000;

/** A question that every signed-in socket may ask, and its answer. */
export const QUESTION = '["seats:watch",{"termId":"any","sectionIds":[]}]';
export const ANSWER = '[{"ok":true}]';

/** A pod that pings often and waits briefly, and the sockets that a test opens to it. */
export class ProtocolPod {
  private readonly sockets: RawSocket[] = [];

  private constructor(
    private readonly pod: Pod,
    /** Of a student who is signed in. */
    readonly token: string,
  ) {}

  static async start(): Promise<ProtocolPod> {
    const pod = await startPod({
      env: {
        PING_INTERVAL_MS: String(PING.interval),
        PING_TIMEOUT_MS: String(PING.timeout),
        CONNECT_TIMEOUT_MS: String(CONNECT_TIMEOUT_MS),
      },
    });
    return new ProtocolPod(pod, await signIn(pod.url, 'protocol'));
  }

  get url(): string {
    return this.pod.url;
  }

  raw(query?: string): RawSocket {
    return this.keep(new RawSocket(this.url, query));
  }

  /** In the main namespace. */
  async connected(): Promise<RawSocket> {
    return this.keep(await RawSocket.connected(this.url, this.token));
  }

  closeSockets(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
  }

  async stop(): Promise<void> {
    await this.pod.stop();
  }

  private keep(socket: RawSocket): RawSocket {
    this.sockets.push(socket);
    return socket;
  }
}
