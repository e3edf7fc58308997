import { Logger } from '@nestjs/common';
import { errorText } from './text';

/**
 * Does the same for each of several who have nothing to do with each other. Whoever cannot be served costs the others
 * nothing; the first error is logged, with how many there were.
 */
export function forEach<T>(logger: Logger, what: string, items: Iterable<T>, work: (item: T) => void): void {
  let failed = 0;
  let first: unknown;
  for (const item of items) {
    try {
      work(item);
    } catch (error) {
      if (failed === 0) first = error;
      failed += 1;
    }
  }
  if (failed > 0) logger.error(`${what} failed for ${failed}: ${errorText(first)}`);
}

/** Those who want to hear of something that has happened: one that throws is logged, and the others still hear of it. */
export class Listeners<Args extends unknown[]> {
  private readonly logger: Logger;
  private readonly listeners: ((...args: Args) => void)[] = [];

  /** @param name of what tells them, for the log */
  constructor(name: string) {
    this.logger = new Logger(name);
  }

  add(listener: (...args: Args) => void): void {
    this.listeners.push(listener);
  }

  tell(...args: Args): void {
    forEach(this.logger, 'A listener', this.listeners, (listener) => listener(...args));
  }
}
