import { z } from 'zod';

/** The same request may succeed later without the caller changing anything. */
const later = (status: number) => ({ status, retryable: true });
const never = (status: number) => ({ status, retryable: false });

/** Every refusal the product can give, with its HTTP status. Callers branch on the code, never on the message. */
export const ERRORS = {
  // input and identity
  invalid_input: never(400),
  unsupported_type: never(415),
  not_signed_in: never(401),
  sign_in_expired: never(401),
  sign_in_ambiguous: never(401),
  sign_in_refused: never(401),
  sign_in_unavailable: later(503),
  origin_refused: never(403),
  not_operator: never(401),
  role_too_low: never(403),
  not_on_roster: never(403),
  on_hold: never(403),
  not_found: never(404),
  conflict: never(409),
  // room and line
  room_not_found: never(404),
  room_closed: never(409),
  room_draining: never(409),
  window_not_open: later(409),
  ticket_invalid: never(409),
  ticket_gone: never(409),
  not_in_line: never(409),
  line_recovering: later(503),
  line_unavailable: later(503),
  line_full: later(503),
  pod_fenced: later(409),
  // admission
  admission_required: never(403),
  admission_invalid: never(403),
  admission_expired: never(403),
  admission_finished: never(403),
  admission_missed: never(403),
  admission_removed: never(403),
  // seats
  section_not_found: never(404),
  section_full: never(409),
  section_closed: never(409),
  already_enrolled: never(409),
  not_enrolled: never(409),
  same_course: never(409),
  time_conflict: never(409),
  credit_limit: never(409),
  window_closed: never(409),
  class_year_full: never(409),
  class_year_refused: never(409),
  duplicate_request: never(409),
  request_mismatch: never(409),
  drop_blocked: never(409),
  drop_closed: never(409),
  already_waitlisted: never(409),
  not_waitlisted: never(409),
  waitlist_not_needed: never(409),
  offer_expired: never(409),
  no_offer: never(409),
  capacity_below_taken: never(409),
  // Not for a client to try again and again by itself: the operator decides when.
  seats_stopped: never(409),
  // service
  busy: later(503),
  too_many_requests: later(429),
  too_many_sockets: never(409),
  database_unavailable: later(503),
  draining: later(503),
  internal: later(500),
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** An error whose code is one of these. */
export const errorBodySchema = (codes: readonly ErrorCode[] = ERROR_CODES) =>
  z.object({
    code: z.enum(codes),
    message: z.string().describe('For developers and logs; what students read depends on the code'),
    retryable: z.boolean().describe('The same request may succeed later as it is'),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What stands in the way: the conflicting section, the limit, the time a window opens'),
    requestId: z
      .string()
      .optional()
      .describe('What the request is called in the log; there when it failed of something on our side'),
  });

/** What an error looks like on every wire: acknowledgements, HTTP bodies, answers per section. */
export type ErrorBody = z.infer<ReturnType<typeof errorBodySchema>>;

/** The same as a client sees it: the service may be a version younger, and know more codes. */
export type WireError = Omit<ErrorBody, 'code'> & { code: string };

/** How an event is acknowledged. */
export type Reply<T extends object = object> = ({ ok: true } & T) | { ok: false; error: WireError };
