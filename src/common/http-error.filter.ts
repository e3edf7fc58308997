import { ArgumentsHost, Catch, ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type ErrorBody, type ErrorCode, ERRORS } from '../contract/errors';
import { DomainError, toErrorBody } from './domain-error';
import { withRequestId } from './request-context';

/** What goes with every 401 (RFC 6750): how to say who one is, and whether what was `given` is no good. */
export const challenge = (given: boolean): string => (given ? 'Bearer error="invalid_token"' : 'Bearer');

/** Translates whatever an HTTP handler throws into `{ error: { code, message, retryable } }` with the fitting status. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  /** @param heard called with the code of every refusal */
  constructor(private readonly heard: (code: ErrorCode) => void = () => undefined) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent) return;
    const { status, body } = describe(error);
    this.heard(body.code);
    response.locals.errorCode = body.code;
    if (status >= 500 && !(error instanceof DomainError)) {
      this.logger.error({ code: 'request_failed', err: error }, 'A request failed of something unforeseen');
    }
    if (body.retryable && (status === 503 || status === 429)) response.setHeader('Retry-After', '1');
    if (status === 401) {
      const { authorization } = http.getRequest<Request>().headers;
      response.setHeader('WWW-Authenticate', challenge(authorization !== undefined));
    }
    response.status(status).json({ error: withRequestId(body) });
  }
}

function describe(error: unknown): { status: number; body: ErrorBody } {
  if (error instanceof DomainError) return { status: ERRORS[error.code].status, body: error.toBody() };
  if (error instanceof HttpException) return describeFramework(error.getStatus(), error.message);
  const refusedWith = bodyRefusal(error);
  if (refusedWith !== undefined) return describeFramework(refusedWith, 'The body of the request cannot be read.');
  return { status: 500, body: toErrorBody(error) };
}

/** What the framework itself refuses: unknown paths, unreadable or too large bodies. */
function describeFramework(status: number, message: string): { status: number; body: ErrorBody } {
  const code: ErrorCode = status === 404 ? 'not_found' : status < 500 ? 'invalid_input' : 'internal';
  return { status, body: { code, message, retryable: status >= 500 } };
}

/** The status with which Express's body parser refuses: too large, given up half-way, in an unknown encoding. */
function bodyRefusal(error: unknown): number | undefined {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
