/** Frames a connection may send per second, in the long run. */
const PER_SECOND = 50;
/** Frames it may send at once: more than the messages after which a socket is told no (see MessagePace), and then cut. */
const BURST = 400;

/**
 * How fast one connection may send frames of any kind: heartbeats, sign-ins, other namespaces, halves of binary messages.
 * All of them cost us work before they become a message. Takes the time (ms) as a parameter.
 */
export class ConnectionPace {
  private tokens = BURST;

  constructor(private at: number) {}

  /** Whether one more frame is borne; after the first false the connection is to be cut. */
  take(now: number): boolean {
    // A clock that is put back takes nothing away.
    this.tokens = Math.min(BURST, this.tokens + (Math.max(0, now - this.at) * PER_SECOND) / 1_000);
    this.at = now;
    this.tokens -= 1;
    return this.tokens >= 0;
  }
}
