import { AsyncLocalStorage } from 'node:async_hooks';
import type { ErrorBody } from '../contract/errors';
import { randomId } from './ids';

/** One request, over HTTP or by a socket, while it is worked on. */
export interface RequestContext {
  /** By which one search in the logs of all pods finds it. */
  readonly id: string;
  /** Who asks, when a socket asks. */
  readonly studentId?: string;
  /** What goes on after the answer, such as a loop that the request began, is none of it. */
  answered?: boolean;
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** An id that a proxy or a client may give a request: it stands in logs and in the database. */
const SANE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,63}$/;

/** The id that was given, if it is a sane one (8 to 64 letters, digits, `.`, `_`, `:`, `-`), else a new one. */
export const requestIdFrom = (given: unknown): string =>
  typeof given === 'string' && SANE_ID.test(given) ? given : randomId();

/** Does the work of a request: what it logs carries the request's id. */
export const inRequest = <T>(context: RequestContext, work: () => T): T => contexts.run(context, work);

/** Does what is done for many requests together, or for none. */
export const outsideRequests = <T>(work: () => T): T => contexts.exit(work);

/** The request under way; undefined outside of any, and after its answer. */
export function currentRequest(): RequestContext | undefined {
  const context = contexts.getStore();
  return context?.answered ? undefined : context;
}

/** Failures that nobody can do anything about but us name the request, by which it is found in the log. */
export function withRequestId(body: ErrorBody): ErrorBody {
  const requestId = body.code === 'internal' ? currentRequest()?.id : undefined;
  return requestId === undefined ? body : { ...body, requestId };
}
