/**
 * Every refusal the product can give. Callers branch on the code, never on the message.
 *
 * A code that is `true` here is retryable: the same request may succeed later without the caller changing anything.
 */
export const ERROR_RETRYABLE = {
  // input and identity
  invalid_input: false,
  unsupported_type: false,
  not_signed_in: false,
  sign_in_expired: false,
  sign_in_ambiguous: false,
  sign_in_refused: false,
  sign_in_unavailable: true,
  origin_refused: false,
  not_operator: false,
  not_on_roster: false,
  on_hold: false,
  not_found: false,
  conflict: false,
  // room and line
  room_not_found: false,
  room_closed: false,
  room_draining: false,
  window_not_open: true,
  ticket_invalid: false,
  ticket_gone: false,
  not_in_line: false,
  line_recovering: true,
  line_unavailable: true,
  line_full: true,
  pod_fenced: true,
  // admission
  admission_required: false,
  admission_invalid: false,
  admission_expired: false,
  admission_finished: false,
  admission_missed: false,
  admission_removed: false,
  // seats
  section_not_found: false,
  section_full: false,
  section_closed: false,
  already_enrolled: false,
  not_enrolled: false,
  same_course: false,
  time_conflict: false,
  credit_limit: false,
  window_closed: false,
  class_year_full: false,
  class_year_refused: false,
  duplicate_request: false,
  request_mismatch: false,
  drop_blocked: false,
  drop_closed: false,
  already_waitlisted: false,
  not_waitlisted: false,
  waitlist_not_needed: false,
  offer_expired: false,
  no_offer: false,
  capacity_below_taken: false,
  // Not for a client to try again and again by itself: the operator decides when.
  seats_stopped: false,
  // service
  busy: true,
  too_many_requests: true,
  too_many_sockets: false,
  database_unavailable: true,
  draining: true,
  internal: true,
} as const;

export type ErrorCode = keyof typeof ERROR_RETRYABLE;

/** What an error looks like on every wire: acknowledgements, HTTP bodies, per-section answers. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** What stands in the way, for the page to show: the conflicting section, the limit, the time a window opens. */
  details?: Record<string, unknown>;
}

/** A refusal or failure with a stable code. Domain code throws only this; one filter per transport translates it. */
export class DomainError extends Error {
  readonly retryable: boolean;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details?: Record<string, unknown>,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DomainError';
    this.retryable = ERROR_RETRYABLE[code];
  }

  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.details ? { details: this.details } : {}),
    };
  }
}

/** The body for anything that was thrown: a DomainError as it is, all else as `internal` without its text. */
export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof DomainError) return error.toBody();
  return { code: 'internal', message: 'Something went wrong on our side. Please try again.', retryable: true };
}
