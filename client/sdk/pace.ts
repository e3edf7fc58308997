import type { BackOff } from '../../src/common/retry';

/** A time is drawn by lot between the two, ms. */
export interface Span {
  least: number;
  most: number;
}

/** How long a client waits for what, and how long it pauses between its tries. */
export interface ClientPace {
  /**
   * How long a connection may take to come up before it is given up and tried anew, ms. On bad Wi-Fi it may have been lost
   * without a word, and the place is kept only for the grace; still several round trips of a very slow network.
   */
  handshakeMs: number;
  /** How long an answer over the socket may take before the question counts as unanswered, ms. */
  answerMs: number;
  /** The same over HTTP, ms. */
  httpAnswerMs: number;
  /** First pause before the socket tries to reconnect, ms; it doubles. */
  firstBackoffMs: number;
  /** Its longest pause, until the service has said its own, ms. */
  longestBackoffMs: number;
  /** Pause before coming back where socket.io would not: the connection was refused for a moment, or closed on purpose. */
  returnMs: Span;
  /** The same after a refusal that no waiting mends. */
  refusedReturnMs: Span;
  /** Between the tries of what may succeed later. */
  retry: BackOff;
  /** How often one request for seats is tried before the student is told that nobody answers. */
  seatAttempts: number;
  /** How long a pod may be out of reach of the line before the client turns to another one. */
  moveOn: BackOff;
}

/** Of the student page, and of whoever says nothing else. Tests and simulations that have no hour are quicker. */
export const PAGE_PACE: ClientPace = {
  handshakeMs: 5_000,
  answerMs: 10_000,
  httpAnswerMs: 15_000,
  firstBackoffMs: 500,
  longestBackoffMs: 8_000,
  returnMs: { least: 1_000, most: 4_000 },
  refusedReturnMs: { least: 8_000, most: 12_000 },
  retry: { firstPauseMs: 500, longestPauseMs: 8_000 },
  // With the pauses between them about a minute.
  seatAttempts: 10,
  // From 15 s on: longer than a short loss of the store, which all pods share, and well within the grace.
  moveOn: { firstPauseMs: 22_500, longestPauseMs: 180_000, spread: 1 / 3 },
};
