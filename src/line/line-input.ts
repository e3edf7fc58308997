import { lineError } from './line-error';
import type { LotteryMove, RestoredTicket, StudentSocket } from './line-store';

const PAGE_LIMIT = 5_000;
const RESTORE_LIMIT = 1_000;
const DRAW_LIMIT = 500;
/** Sockets that one call detaches: some milliseconds of the store's time. */
export const DETACH_LIMIT = 500;

/** What ids of pods and sockets are made of; neither / nor a blank, which separate them inside the stores. */
const ID = /^[\w.:#-]{1,100}$/;

/** @throws DomainError `invalid_input` for an id that the stores cannot take */
export function assertSocket({ podId, socketId = 'none' }: { podId: string; socketId?: string }): void {
  if (!ID.test(podId) || !ID.test(socketId)) throw lineError('invalid_input');
}

/** @throws DomainError `invalid_input` for a page of less than 1 or more than 5,000 events */
export function assertPage(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT) throw lineError('invalid_input');
}

/** @throws DomainError `invalid_input` for more than 1,000 tickets */
export function assertRestorable(tickets: RestoredTicket[]): void {
  if (tickets.length > RESTORE_LIMIT) throw lineError('invalid_input');
}

/** @throws DomainError `invalid_input` for more than 500 sockets */
export function assertDetachable(gone: readonly StudentSocket[]): void {
  if (gone.length > DETACH_LIMIT) throw lineError('invalid_input');
}

/**
 * A share from 0 to 1 in thousandths.
 *
 * @throws DomainError `invalid_input` beyond that
 */
export function perMille(share: number): number {
  if (!(share >= 0 && share <= 1)) throw lineError('invalid_input');
  return Math.round(share * 1_000);
}

/** @throws DomainError `invalid_input` for more than 500 moves */
export function assertMoves(moves: LotteryMove[]): void {
  if (moves.length > DRAW_LIMIT) throw lineError('invalid_input');
}
