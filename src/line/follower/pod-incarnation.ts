import { randomId } from '../../common/ids';

/** The name under which a line knows this pod: a new one after each fencing. */
export class PodIncarnation {
  private current = randomId();
  /** The one that the store knows; what is said of another one is old news. */
  private registered = '';

  get id(): string {
    return this.current;
  }

  noteRegistered(id: string): void {
    this.registered = id;
  }

  renew(): void {
    this.current = randomId();
  }

  /**
   * The store has fenced this one. Once for each incarnation: a crowd that joins meanwhile is refused, and must not make
   * one more each time.
   *
   * @returns whether the pod has another name now
   */
  replaceFenced(id: string): boolean {
    if (id !== this.current || id !== this.registered) return false;
    this.renew();
    return true;
  }
}
