import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import { Tab, type TabOwner } from '../../../load/student/tab';
import type { SwarmContext } from './swarm-context';

/** How a tab reaches the service. */
export interface Route {
  transports: ('websocket' | 'polling')[];
  /** The pod that the first connection goes to, past nginx; every later one goes through nginx. */
  pod?: number;
}

/** A pod that stands still takes connections and says nothing: give up after this long, ms. */
const HANDSHAKE_TIMEOUT_MS = 1_500;

/** A tab that may begin on a pod of its choice; once it has lost that, it goes behind nginx. */
export class RoutedTab extends Tab {
  private closed = false;
  /** The pod of the present connection, where the tab chose it itself. */
  pod?: number;

  constructor(
    index: number,
    private readonly route: Route,
    owner: TabOwner,
    private readonly swarm: SwarmContext,
  ) {
    super(index, owner, swarm);
    this.pod = route.pod;
  }

  override open(): void {
    this.closed = false;
    super.open();
  }

  override close(): void {
    this.closed = true;
    super.close();
  }

  protected override url(): string {
    return (this.pod === undefined ? undefined : this.swarm.podUrls[this.pod]) ?? super.url();
  }

  protected override options(): Partial<ManagerOptions & SocketOptions> {
    return {
      ...super.options(),
      transports: this.route.transports,
      withCredentials: true,
      timeout: HANDSHAKE_TIMEOUT_MS,
      reconnection: this.pod === undefined,
    };
  }

  protected override comeBack(): void {
    if (this.pod === undefined) return super.comeBack();
    this.letGo();
    this.pod = undefined;
    this.later(() => {
      if (!this.closed && !this.socket) this.open();
    });
  }
}
