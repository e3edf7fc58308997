import { Injectable, Logger } from '@nestjs/common';
import type { ServerToClientEvents } from '../../contract/events';
import type { Session } from '../session';
import { EncodedMessage, type MessageOf } from './encoded-message';
import { inTurns } from './in-turns';

/** Says one thing to many sockets: encoded once, in turns, and not to the end when there is something newer to say. */
@Injectable()
export class Broadcaster {
  private readonly logger = new Logger('Live');
  /** What is being said, or was said last, by what it is about. */
  private readonly newest = new WeakMap<object, EncodedMessage>();

  /**
   * Resolves when all of them were told, or something newer about the same is.
   *
   * @param about what a later message supersedes this one by
   * @param also done for each one after it was told
   */
  tell<Event extends keyof ServerToClientEvents>(
    about: object,
    sessions: Iterable<Session>,
    event: Event,
    message: MessageOf<Event>,
    also?: (session: Session) => void,
  ): Promise<void> {
    const encoded = EncodedMessage.of(event, message);
    this.newest.set(about, encoded);
    const tellOne = (session: Session): void => {
      encoded.writeTo(session.socket);
      also?.(session);
    };
    const goOn = (): boolean => this.newest.get(about) === encoded;
    return inTurns([...sessions], tellOne, { logger: this.logger, what: `Telling ${event}`, goOn });
  }
}
