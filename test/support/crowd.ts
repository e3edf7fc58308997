import { errorText } from '../../src/common/text';
import type { Cluster } from '../../load/servers/cluster';
import { waitFor } from '../../load/support/wait-for';
import { signInSso, StudentTab } from './student';

/** How long a student goes on trying to come back: longer than any recovery window of the tests, ms. */
const PATIENCE_MS = 40_000;

/** A student with any number of tabs, who behaves as our page does: keeps the signed ticket, and comes back with it. */
export class Visitor {
  readonly tabs: StudentTab[] = [];
  /** Why connections were lost, other than that the student closed them. */
  readonly disconnects: string[] = [];
  /** Why coming back failed for good. */
  readonly troubles: string[] = [];

  constructor(
    readonly studentId: string,
    readonly roomId: string,
    private readonly token: string,
  ) {}

  static async signIn(cluster: Cluster, roomId: string, studentId: string, podUrl = cluster.url): Promise<Visitor> {
    const { token } = await signInSso(cluster, studentId, podUrl);
    return new Visitor(studentId, roomId, token);
  }

  /** Opens a tab at a pod, and takes a place, or comes back to it. Tries again as long as it may help. */
  async open(podUrl: string): Promise<StudentTab> {
    const tab = new StudentTab(podUrl, this.token, { reconnectionDelay: 100, reconnectionDelayMax: 300 });
    await tab.connected();
    await this.enter(tab);
    this.tabs.push(tab);
    tab.socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') this.disconnects.push(reason);
    });
    tab.socket.on('connect', () => {
      this.enter(tab).catch((error: unknown) => this.troubles.push(errorText(error)));
    });
    return tab;
  }

  /** Closes every tab: the student is away. */
  leaveTabs(): void {
    for (const tab of this.tabs) tab.close();
  }

  get signedTicket(): string | undefined {
    return this.tabs.flatMap(({ tickets }) => tickets).at(-1)?.ticket;
  }

  /** Every number this student was ever told; one, when all is well. */
  get numbers(): number[] {
    return [...new Set(this.tabs.flatMap(({ tickets }) => tickets.map(({ number }) => number)))];
  }

  /** Every admission token, by what it says. */
  get admissions(): string[] {
    const tokens = this.tabs.flatMap(({ admissions }) => admissions.map(({ token }) => token.split('.')[1] ?? ''));
    return [...new Set(tokens)];
  }

  /** Why places ended, as the tabs were told. */
  get left(): string[] {
    return this.tabs.flatMap(({ left }) => left.map(({ reason }) => reason));
  }

  /** Whether a position that a tab showed was ever higher than one before. */
  get rose(): boolean {
    return this.tabs.some(({ positions }) => positions.some((position, i) => i > 0 && position > positions[i - 1]!));
  }

  private async enter(tab: StudentTab): Promise<void> {
    const ticket = this.signedTicket;
    const request = ticket === undefined ? {} : { resume: true, ticket };
    const lasting = new Set(['ticket_gone', 'ticket_invalid', 'room_closed']);
    let refusal: unknown;
    const attempt = async (): Promise<boolean> => {
      try {
        await tab.join(this.roomId, request);
      } catch (error) {
        const { code } = (error as { error?: { code: string } }).error ?? {};
        if (code === undefined || !lasting.has(code)) throw error;
        refusal = error;
      }
      return true;
    };
    await waitFor(attempt, { what: `a place for ${this.studentId}`, timeoutMs: PATIENCE_MS, intervalMs: 100 });
    if (refusal) throw refusal as Error;
  }
}
