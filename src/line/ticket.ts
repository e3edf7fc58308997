import { DomainError } from '../common/domain-error';

/**
 * A ticket is one student's durable claim on a place in one room.
 *
 *   waiting ──admit──▶ admitted ──▶ ended (finished, expired, no_show, removed, closed)
 *      └──────────────────────────▶ ended (left, away, removed, closed)
 *
 * An ended ticket never comes back: joining again makes a new one, with a new number at the tail.
 */
export type TicketState = 'waiting' | 'admitted' | 'ended';

export type EndReason =
  /** the student gave the place back */
  | 'left'
  /** nobody was there for longer than the grace */
  | 'away'
  /** an operator took the place away */
  | 'removed'
  /** admitted, and never acknowledged it */
  | 'no_show'
  /** admitted, and done */
  | 'finished'
  /** admitted, and the time inside was over */
  | 'expired'
  /** the room closed */
  | 'closed';

export interface Ticket {
  roomId: string;
  studentId: string;
  /** The epoch in which the number was first issued. */
  epoch: number;
  /**
   * Increasing with the order of joining, or as a lottery has drawn those who came before the opening; unique over all
   * epochs of a room, at least 1.
   */
  number: number;
  state: TicketState;
  /** Store time of the join, ms. */
  joinedAt: number;
  /** Store time at which the time inside ends, ms; only when admitted. */
  expiresAt?: number;
  /** Feed sequence of the admission; only when admitted. */
  admittedSequence?: number;
  /** Whether a client of the student has acknowledged the admission. */
  acknowledged?: boolean;
  /** Why it ended; only when ended. */
  reason?: EndReason;
}

const REASONS_FROM: Record<TicketState, readonly EndReason[]> = {
  waiting: ['left', 'away', 'removed', 'closed'],
  admitted: ['finished', 'expired', 'no_show', 'removed', 'closed'],
  ended: [],
};

/** Whether a ticket may move from `from` to `ended` for this reason. */
export function mayEnd(from: TicketState, reason: EndReason): boolean {
  return REASONS_FROM[from].includes(reason);
}

/** Whether a ticket may be admitted. */
export function mayAdmit(from: TicketState): boolean {
  return from === 'waiting';
}

/** What has become of an admission; `unknown`: there is none such, or it is another student's. */
export type AdmissionLife = 'live' | 'unknown' | EndReason;

/** Why an admission counts no more. Undefined while it lives. Nobody hears of an end that was another one's. */
export function admissionRefusal(life: AdmissionLife): DomainError | undefined {
  switch (life) {
    case 'live':
      return undefined;
    case 'unknown':
      return new DomainError('admission_invalid', 'This admission is not valid.');
    case 'expired':
      return new DomainError('admission_expired', 'Your time inside is over.');
    case 'no_show':
      return new DomainError('admission_missed', 'You were let in, but nothing was heard of you in time.');
    case 'removed':
      return new DomainError('admission_removed', 'Your time inside was ended by an operator.');
    case 'closed':
      return new DomainError('room_closed', 'This room is closed.');
    default:
      return new DomainError('admission_finished', 'You have finished; join the line again to enrol.');
  }
}
