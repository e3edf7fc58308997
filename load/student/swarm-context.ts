import type { Transport } from '../../client/sdk/socket';
import type { ClientPace, Span } from '../../client/sdk/pace';
import type { Agenda } from '../support/agenda';
import type { SeededRandom } from '../support/random';

/** How patient a student is. */
export interface Pace {
  /** Of the client, where it is not as patient as the student page. */
  client?: Partial<ClientPace>;
  /** Pause before the student asks once more for what was refused for the moment. */
  retryMs: Span;
  /** Between an answer about seats and the next question; undefined = none. */
  restMs?: Span;
}

/** How a tab reaches the service. */
export interface Route {
  /** As the student page where none are said. */
  transports?: Transport[];
  /** The pod that the first connection goes to; every later one goes to the common address. */
  pod?: number;
}

/** What all students of a swarm share. */
export interface SwarmContext {
  /** The common address: of the only pod, or of what stands in front of them. */
  url: string;
  /** The addresses of the pods themselves, for tabs that begin at one of them. */
  podUrls?: readonly string[];
  pace: Pace;
  agenda: Agenda;
  random: SeededRandom;
  /** ms since the Unix epoch. */
  now: () => number;
  roomId: string;
  termId: string;
  /** How old positions were when they arrived, ms. */
  positionAges: number[];
  /** Students stay connected after they have finished, until the swarm ends. */
  staysOn?: boolean;
  /** How long a student thinks at most before giving something back, ms; undefined = not at all. */
  thinkingMs?: number;
}
