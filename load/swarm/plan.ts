/** Who comes, how, and what they do: plain data, as it goes from process to process. */

/** One client on one connection. */
export interface Comer {
  id: string;
  /** The sign-in; '' where nobody asks for one. */
  token: string;
}

/** What a client does once it is there. */
export type Conduct =
  /** Connects, and answers heartbeats. */
  | { kind: 'silent' }
  /** Takes a place in line. `extrapolates`: asks for few positions, and moves the number by itself in between. */
  | { kind: 'waiting'; roomId: string; extrapolates?: boolean }
  /** A student with two clients, a plain one and one that extrapolates; what they show is compared. */
  | { kind: 'twins'; roomId: string }
  /** Asks by HTTP again and again, on one connection that stays open, for one path after the other. */
  | { kind: 'polling'; paths: readonly string[]; everyMs: number }
  /** A bare TCP connection that only reads. */
  | { kind: 'tcp' };

export interface ArrivalPlan {
  /** Each comer goes to one of them, in turn. */
  urls: readonly string[];
  comers: readonly Comer[];
  conduct: Conduct;
  /** They come evenly over this time, whether the service keeps up or not, ms. */
  overMs: number;
  /** How long an admission lasts, ms: tells when it was given, which no message says. */
  leaseMs?: number;
  /** The last number of our end's addresses, 127.0.0.N, from 1 to 254: each has some 28,000 ports for a destination. */
  address: number;
}

/** What the parent asks of a process, and what it answers. */
export type SwarmQuestion =
  | { ask: 'arrive'; plan: ArrivalPlan }
  /** Begins a window: forgets what was counted. */
  | { ask: 'clear' }
  | { ask: 'report' }
  | { ask: 'numbers' }
  /** Everybody goes, at once. */
  | { ask: 'leave' };
