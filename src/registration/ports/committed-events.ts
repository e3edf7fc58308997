import { Listeners } from '../../common/listeners';

/** Says what this pod has committed. Other pods are told by whoever listens. */
export abstract class CommittedEvents<Event> {
  private readonly listeners = new Listeners<[Event]>(this.constructor.name);

  /** Calls `listener` after every commit that changed something. */
  onChanged(listener: (event: Event) => void): void {
    this.listeners.add(listener);
  }

  /** What is committed is committed, whatever becomes of those who hear of it. */
  changed(event: Event): void {
    this.listeners.tell(event);
  }
}
