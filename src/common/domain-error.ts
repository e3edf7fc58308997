import { ERRORS, type ErrorBody, type ErrorCode } from '../contract/errors';

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
    this.retryable = ERRORS[code].retryable;
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
