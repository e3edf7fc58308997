import { Logger } from '@nestjs/common';
import type { DomainError } from '../../common/domain-error';

/** So long after the last failure the store counts as whole again, ms: what fails now and then is one trouble, not many. */
const QUIET_MS = 5_000;
/** Most reasons that are told of one trouble; some have numbers in them, and would never end. */
const MOST_REASONS = 8;
const LONGEST_REASON = 200;
/** What ioredis says of a command that it has no connection for, and must not keep. */
const UNCONNECTED = "Stream isn't writeable";

/**
 * Tells the log why the line's store refuses, which those who are refused are not told: each reason once, however many
 * calls fail of it, and that it is over.
 */
export class StoreTrouble {
  private readonly logger = new Logger('Line store');
  private readonly reasons = new Set<string>();
  private failedAt = 0;

  /**
   * @param error what the caller is told; nothing to tell of it without a cause
   * @param now by a monotonic clock, ms
   */
  failed(error: DomainError, now = performance.now()): void {
    if (error.cause === undefined) return;
    this.failedAt = now;
    const reason = reasonOf(error.cause);
    if (this.reasons.has(reason) || this.reasons.size >= MOST_REASONS) return;
    this.reasons.add(reason);
    this.logger.warn({ code: 'store_failing', error: error.code, reason }, 'Redis fails the line');
  }

  answered(now = performance.now()): void {
    if (this.reasons.size === 0 || now - this.failedAt < QUIET_MS) return;
    this.reasons.clear();
    this.logger.log({ code: 'store_serving' }, 'Redis serves the line again');
  }
}

/** One line without what could be a secret: passwords in addresses, and the arguments of a command that Redis repeats. */
function reasonOf(cause: unknown): string {
  const { message = '', code = '' } = cause as { message?: string; code?: string };
  const text = message || code || String(cause);
  if (text.startsWith(UNCONNECTED)) return 'there is no connection';
  return text
    .replace(/, with args beginning with:.*/s, '')
    .replace(/\/\/[^@\s]*@/g, '//…@')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_REASON);
}
