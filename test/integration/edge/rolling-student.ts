import { memoryStorage } from '../../../client/sdk/storage';
import { SunbeonClient } from '../../../client/sdk/sunbeon-client';
import type { SignedIn } from '../../../load/support/service-api';
import { StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

/** A student who is to notice nothing of a rolling restart, and writes down whatever is not as it was. */
export interface RollingStudent {
  readonly id: string;
  /** Ticket number at the first join. */
  readonly number: number;
  /** What went wrong: a place lost, a position that rose, an error shown. */
  readonly complaints: string[];
  /** Times that the connection was lost. */
  reconnects(): number;
  /** Whether the student is connected, with the place. */
  settled(): boolean;
  /** Where the student stands, for whoever waits in vain. */
  standing(): string;
  close(): void;
}

/** With our own client, as on the page. */
export class ClientStudent implements RollingStudent {
  readonly complaints: string[] = [];
  readonly client: SunbeonClient;
  number = 0;
  private lost = 0;
  private position = Infinity;

  constructor(
    readonly id: string,
    url: string,
    signedIn: SignedIn,
  ) {
    this.client = new SunbeonClient({ url, storage: memoryStorage() });
    this.client.acceptSignIn(signedIn);
    let connection = this.client.state.connection;
    this.client.subscribe((state) => {
      if (connection === 'connected' && state.connection === 'reconnecting') this.lost += 1;
      connection = state.connection;
      this.check();
    });
  }

  async join(roomId: string): Promise<void> {
    await this.client.start();
    this.client.join(roomId);
    await waitFor(() => this.settled(), { what: `a place for ${this.id}` });
  }

  reconnects(): number {
    return this.lost;
  }

  settled(): boolean {
    const { place, connection } = this.client.state;
    return connection === 'connected' && (place.phase === 'waiting' || place.phase === 'inside');
  }

  standing(): string {
    const { connection, place } = this.client.state;
    return `${this.id}: ${connection}, ${JSON.stringify(place)}`;
  }

  /** Until the student has the token with which seats are taken. */
  async inside(): Promise<void> {
    await waitFor(
      () => {
        const { place } = this.client.state;
        return place.phase === 'inside' && place.token !== undefined;
      },
      { what: `${this.id} to be let in` },
    );
  }

  close(): void {
    this.client.end();
  }

  private check(): void {
    const { place, signInEnded } = this.client.state;
    if (signInEnded) this.complaints.push('the sign-in ended');
    if (place.phase === 'ended' || place.phase === 'refused') this.complaints.push(JSON.stringify(place));
    if (place.phase !== 'waiting' && place.phase !== 'inside') return;
    this.number ||= place.number;
    if (place.number !== this.number) this.complaints.push(`number ${this.number} became ${place.number}`);
    if (place.phase !== 'waiting' || place.position === undefined) return;
    if (place.position > this.position) this.complaints.push(`position ${this.position} became ${place.position}`);
    this.position = place.position;
  }
}

/** With the stock client of socket.io, by long-polling only. */
export class PollingStudent implements RollingStudent {
  readonly complaints: string[] = [];
  readonly tab: StudentTab;
  number = 0;
  private lost = 0;
  private joined = false;

  constructor(
    readonly id: string,
    url: string,
    { token }: SignedIn,
  ) {
    const options = {
      transports: ['polling'],
      withCredentials: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
    };
    this.tab = new StudentTab(url, token, options);
    this.tab.socket.on('disconnect', () => {
      this.lost += 1;
      this.joined = false;
    });
  }

  async join(roomId: string): Promise<void> {
    await this.tab.connected();
    const { number } = await this.tab.join(roomId);
    this.number = number;
    this.joined = true;
    this.tab.keepPlace(roomId, (answer) => {
      if (answer instanceof Error) return void this.complaints.push(String(answer));
      this.joined = true;
      if (answer.number !== this.number) this.complaints.push(`number ${this.number} became ${answer.number}`);
    });
  }

  reconnects(): number {
    return this.lost;
  }

  settled(): boolean {
    return this.tab.socket.connected && this.joined;
  }

  standing(): string {
    const connection = this.tab.socket.connected ? 'connected' : 'not connected';
    return `${this.id}: ${connection}, ${this.joined ? 'in its place' : 'without an answer'}`;
  }

  close(): void {
    const { positions, left } = this.tab;
    const rose = positions.some((position, index) => position > (positions[index - 1] ?? Infinity));
    if (rose) this.complaints.push(`positions rose: ${positions.join(' ')}`);
    if (left.length > 0) this.complaints.push(`left: ${JSON.stringify(left)}`);
    this.tab.close();
  }
}
