/**
 * - waiting: in line for a seat of the section.
 * - offered: a seat is held for the student until the offer ends.
 * - enrolled: the student has a seat.
 * - left: the student went, or declined the offer.
 * - expired: nobody accepted the offer in time.
 * - closed: the section takes nobody any more.
 * - gone: the turn came, and the student was not known here any more.
 */
export type WaitlistState = 'waiting' | 'offered' | 'enrolled' | 'left' | 'expired' | 'closed' | 'gone';

/** Every legal move. The last five are final: who comes back gets a new entry at the end. */
export const WAITLIST_MOVES: Readonly<Record<WaitlistState, readonly WaitlistState[]>> = {
  waiting: ['offered', 'enrolled', 'left', 'closed', 'gone'],
  offered: ['enrolled', 'left', 'expired', 'closed'],
  enrolled: [],
  left: [],
  expired: [],
  closed: [],
  gone: [],
};

/** Whether the student still has something to expect. */
export const isOpen = (state: WaitlistState): boolean => WAITLIST_MOVES[state].length > 0;

/** @throws Error when the move is not legal: a mistake in the program */
export function assertMove(from: WaitlistState, to: WaitlistState): void {
  if (!WAITLIST_MOVES[from].includes(to)) throw new Error(`a waitlist entry cannot go from ${from} to ${to}`);
}
