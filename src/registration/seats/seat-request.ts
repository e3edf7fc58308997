import type { TermPolicyChange } from '../../contract/policy';

interface SeatRequestBase {
  /** Whose seat it is about; `NOBODY` for what concerns a section as a whole. */
  studentId: string;
  termId: string;
  /** In order of preference. */
  sectionIds: readonly string[];
  /**
   * The client's own name for this request: once something has changed by it, the same name with the same request is
   * answered the same, and changes nothing more.
   */
  idempotencyKey: string;
  /**
   * ms by `performance.now()`, which no setting of the clock moves: refused with `busy` when its turn comes later. Once begun,
   * it ends.
   */
  deadline?: number;
  /** The HTTP request or message of a socket that it came with; the ledger adds it. */
  requestId?: string;
}

interface UnderAdmission {
  /** The `jti` of the admission it is made under; it must live. Undefined: the caller vouches that none is needed. */
  admission: string | undefined;
  /** Until when its token is good, ms since the Unix epoch; by the database's clock, like the admission itself. */
  admissionExpiresAt?: number;
}

/** Take seats. */
export interface CommitRequest extends SeatRequestBase, UnderAdmission {
  kind: 'commit';
}

/** Give seats back. */
export interface DropRequest extends SeatRequestBase {
  kind: 'drop';
}

/** Give the first section's seat back for one in the second; both or nothing. */
export interface SwapRequest extends SeatRequestBase, UnderAdmission {
  kind: 'swap';
  sectionIds: readonly [dropped: string, taken: string];
}

/** Wait for a seat in each of the sections. */
export interface JoinWaitlistRequest extends SeatRequestBase, UnderAdmission {
  kind: 'waitlist_join';
}

/** Wait no longer, or decline an offer. */
export interface LeaveWaitlistRequest extends SeatRequestBase {
  kind: 'waitlist_leave';
}

/** Take the seat that was offered. */
export interface AcceptOfferRequest extends SeatRequestBase {
  kind: 'waitlist_accept';
}

/** The ledger's own: see to the held seats of one section that are to be given, or let go. */
export interface PromoteRequest extends SeatRequestBase {
  kind: 'promote';
  sectionIds: readonly [string];
  /** Only waitlist numbers above this one; those up to it have just been asked. 0 = from the head. */
  after: number;
}

/** Who does something by hand, and why. */
export interface OperatorAct {
  operator: string;
  /** '' for none. */
  note: string;
}

/** An operator gives a seat, beyond the capacity if need be. */
export interface OverrideRequest extends SeatRequestBase {
  kind: 'override';
  act: OperatorAct;
  /** The limit of credits does not count. */
  anyCredits?: boolean;
}

/** An operator takes a seat away; hours and deadlines for dropping do not count. */
export interface UnenrolRequest extends SeatRequestBase {
  kind: 'unenrol';
  act: OperatorAct;
}

/** An operator changes a section. */
export interface ConfigureRequest extends SeatRequestBase {
  kind: 'configure';
  sectionIds: readonly [string];
  act: OperatorAct;
  /** The number of seats; below those in use only with `force`. */
  capacity?: number;
  force?: boolean;
  policy?: TermPolicyChange;
}

export type StudentRequest =
  | CommitRequest
  | DropRequest
  | SwapRequest
  | JoinWaitlistRequest
  | LeaveWaitlistRequest
  | AcceptOfferRequest
  | OverrideRequest
  | UnenrolRequest;

export type SeatRequest = StudentRequest | PromoteRequest | ConfigureRequest;

/** The student of requests that concern nobody in particular: no student id is empty. */
export const NOBODY = '';
