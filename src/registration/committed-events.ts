import { Logger } from '@nestjs/common';
import { errorText } from '../common/text';

/** Says what this pod has committed. Other pods are told by whoever listens. */
export abstract class CommittedEvents<Event> {
  private readonly logger = new Logger(this.constructor.name);
  private readonly listeners: ((event: Event) => void)[] = [];

  /** Calls `listener` after every commit that changed something. */
  onChanged(listener: (event: Event) => void): void {
    this.listeners.push(listener);
  }

  /** What is committed is committed: a listener that throws is logged, and the others still hear of it. */
  changed(event: Event): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error(`A listener failed: ${errorText(error)}`);
      }
    }
  }
}
