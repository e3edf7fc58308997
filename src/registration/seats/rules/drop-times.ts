import type { BlockedHours } from '../../../contract/policy';
import type { Refusal } from './facts';
import { dropBlockedUntil } from './release-policy';

/** When seats may be given back. */
export interface DropTimes {
  dropBlocked: readonly BlockedHours[];
  /** Exclusive, ms since the Unix epoch; null: without an end. */
  dropUntil: number | null;
}

/** Nobody gives a seat back after the deadline, nor in blocked hours; `until` is when it is possible again. */
export function refuseDrop({ dropBlocked, dropUntil }: DropTimes, now: number, timeZone: string): Refusal | undefined {
  const end = dropUntil ?? Number.POSITIVE_INFINITY;
  if (now >= end) {
    const details = { closedAt: end };
    return { code: 'drop_closed', message: 'The time in which seats could be given back is over.', details };
  }
  const until = dropBlockedUntil(dropBlocked, now, timeZone);
  if (until === undefined) return undefined;
  const details = until < end ? { until } : {};
  return { code: 'drop_blocked', message: 'Seats cannot be given back at this hour.', details };
}
