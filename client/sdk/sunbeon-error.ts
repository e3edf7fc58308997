import type { WireError } from '../../src/contract/errors';

/** Failures that happen before the service could answer. */
export type LocalErrorCode =
  /** no connection at all */
  | 'offline'
  /** asked, and heard nothing in time; it may or may not have happened */
  | 'no_answer'
  /** came back from the university's sign-in, which this tab did not begin */
  | 'sign_in_elsewhere';

/** A refusal or failure, from the service or on the way there. Branch on `code`. */
export class SunbeonError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** The same request may succeed later as it is. */
    readonly retryable: boolean,
    readonly details?: Record<string, unknown>,
  ) {
    super(message);
    this.name = 'SunbeonError';
  }

  static from(error: WireError): SunbeonError {
    return new SunbeonError(error.code, error.message, error.retryable, error.details);
  }

  static local(code: LocalErrorCode, message: string): SunbeonError {
    return new SunbeonError(code, message, code !== 'sign_in_elsewhere');
  }
}

/** Whatever was thrown, as a SunbeonError; anything unknown is `internal` and not retried. */
export function asSunbeonError(thrown: unknown): SunbeonError {
  if (thrown instanceof SunbeonError) return thrown;
  return new SunbeonError('internal', thrown instanceof Error ? thrown.message : String(thrown), false);
}

const SIGN_IN_CODES = new Set(['not_signed_in', 'sign_in_expired']);

/** Whether the student has to sign in again before anything else works. */
export function needsSignIn(error: SunbeonError): boolean {
  return SIGN_IN_CODES.has(error.code);
}
