import { Injectable } from '@nestjs/common';
import { KeyedRateLimiter, type RateLimit, RateLimiter } from '../../common/rate-limiter';

/** Messages that a socket, and a student with all sockets and HTTP calls together, may send: far more than any page does. */
const MESSAGES: RateLimit = { burst: 40, count: 10, periodMs: 1_000 };
/** Messages over that rate after which the socket is cut. */
const PATIENCE = 200;

/**
 * Frames of any kind that a connection may send: heartbeats, sign-ins, other namespaces, halves of binary messages. All of
 * them cost us work before they become a message. The burst is larger than the messages after which a socket is told no,
 * and then cut (40 + 200).
 */
export const FRAMES: RateLimit = { burst: 400, count: 50, periodMs: 1_000 };

/** HTTP requests of a student that only read. Pages that are opened again in all windows ask for some ten things each. */
const READS: RateLimit = { burst: 200, count: 20, periodMs: 1_000 };
/** Students whose rates one pod remembers. */
const MOST_STUDENTS = 20_000;

export type MessageVerdict = 'take' | 'refuse' | 'cut';

/** How fast one socket may send messages; and when it has sent so many too many that it is to be cut. Pure. */
export class MessageRateLimiter {
  private readonly limiter: RateLimiter;
  private refused = 0;

  /** @param now ms */
  constructor(now: number) {
    this.limiter = new RateLimiter(MESSAGES, now);
  }

  /** What becomes of one more message. @param now ms */
  next(now: number): MessageVerdict {
    if (this.limiter.take(now)) return 'take';
    this.refused += 1;
    return this.refused > PATIENCE ? 'cut' : 'refuse';
  }
}

/**
 * How fast one student may act and read on this pod, with all sockets and HTTP calls together: whoever is held back on one
 * way gains nothing by another.
 */
@Injectable()
export class StudentRateLimiter {
  private readonly acts = new KeyedRateLimiter({ ...MESSAGES, mostKeys: MOST_STUDENTS });
  private readonly reads = new KeyedRateLimiter({ ...READS, mostKeys: MOST_STUDENTS });

  /** Whether one more message, or HTTP request that may change something, is taken. @param now ms */
  takesAct(studentId: string, now: number): boolean {
    return this.acts.take(studentId, now);
  }

  /** Whether one more HTTP request that only reads is taken. @param now ms */
  takesRead(studentId: string, now: number): boolean {
    return this.reads.take(studentId, now);
  }
}

/**
 * How many new connections are taken per second, and when those who were not should come again. Pure.
 *
 * A crowd that reconnects at once would otherwise cost everybody: each handshake takes about 0.3 ms of the one thread
 * that also pushes positions and commits seats.
 */
export class HandshakeRateLimiter {
  private readonly limiter: RateLimiter;
  /** Refused since the bucket was last full, whoever came twice counted twice: about as many as are still outside. */
  private outside = 0;
  private readonly mostOutside: number;

  /**
   * @param perSecond as many are taken at once, too
   * @param now ms
   * @param longestMs nobody is told to wait longer: grace counts on clients that come back within it
   */
  constructor(
    private readonly perSecond: number,
    now: number,
    longestMs: number,
  ) {
    this.limiter = new RateLimiter({ burst: perSecond, count: perSecond, periodMs: 1_000 }, now);
    this.mostOutside = Math.floor((perSecond * longestMs) / 1_000) - 2;
  }

  /** Whether one more connection is taken. @param now ms */
  take(now: number): boolean {
    this.room(now);
    const taken = this.limiter.take(now);
    this.outside = taken ? Math.max(0, this.outside - 1) : Math.min(this.mostOutside, this.outside + 1);
    return taken;
  }

  /**
   * When somebody who is outside should try again, ms from now: 0 when there is room, else spread over the time that the
   * crowd outside takes.
   *
   * @param now ms
   * @param random 0 to 1
   */
  retryInMs(now: number, random: number): number {
    if (this.room(now) >= 1 && this.outside === 0) return 0;
    const crowdMs = ((Math.max(0, this.outside) + 1) * 1_000) / this.perSecond;
    return Math.ceil(crowdMs * random) + Math.ceil(1_000 / this.perSecond);
  }

  /** How many could come in; when that is a whole second's worth, nobody is outside any more. */
  private room(now: number): number {
    const room = this.limiter.available(now);
    if (room >= this.perSecond) this.outside = 0;
    return room;
  }
}
