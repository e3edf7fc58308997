import type { Agenda } from '../support/agenda';
import type { SeededRandom } from '../support/random';

/** A time is drawn between the two, ms. */
export interface Span {
  least: number;
  most: number;
}

/** How patient a student is. */
export interface Pace {
  /** How long an answer may take before the question is asked again, ms. */
  patienceMs: number;
  /** Pause before something refused is tried again. */
  retryMs: Span;
  firstBackoffMs: number;
  /** How long a pod may be out of reach of the line before the tab turns to another one, ms. */
  moveOnAfterMs: number;
  /** Each client has its own longest back-off: with a common one the fifth attempts would all come at once. */
  longestBackoffMs: Span;
  /** A pod that stands still takes connections and says nothing: give up after this long, ms. */
  handshakeMs: number;
  /** Between an answer about seats and the next question; undefined = none. */
  restMs?: Span;
}

/** How a tab reaches the service. */
export interface Route {
  transports: ('websocket' | 'polling')[];
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
  /** Makes idempotency keys of this swarm different from those of any other. */
  runId: string;
  /** How old positions were when they arrived, ms. */
  positionAges: number[];
  /** Students stay connected after they have finished, until the swarm ends. */
  staysOn?: boolean;
  /** How long a student thinks at most before giving something back, ms; undefined = not at all. */
  thinkingMs?: number;
}
