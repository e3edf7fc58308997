import type { WireError } from '../../src/contract/errors';
import { SunbeonError } from './sunbeon-error';

/** What is asked of an address. */
export interface Question {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: object;
  headers?: Record<string, string>;
  /** Nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** An address of which every inserted part is escaped. */
export const path = (strings: TemplateStringsArray, ...parts: string[]): string =>
  strings.reduce((text, piece, index) => text + encodeURIComponent(parts[index - 1] ?? '') + piece);

/** Asks the service, with the cookies of its pages; how long to wait is the caller's affair. @throws SunbeonError: the service's refusal, or `offline` */
export async function ask<T>(address: string, question: Question = {}): Promise<T> {
  const lost = (): never => {
    throw SunbeonError.local('offline', 'The service could not be reached.');
  };
  const response = await fetch(address, requestOf(question)).catch(lost);
  if (!response.ok) throw await refusal(response);
  // The network may go in the middle of the answer, and the sign-in page of a Wi-Fi is no answer of the service.
  return (response.status === 204 ? undefined : await response.json().catch(lost)) as T;
}

function requestOf({ method = 'GET', body, headers = {}, signal }: Question) {
  return {
    method,
    signal,
    credentials: 'include' as const,
    headers: {
      Accept: 'application/json',
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...headers,
    },
    body: body ? JSON.stringify(body) : undefined,
  };
}

/** The service's own error, or what the status says when something in between answered. */
async function refusal(response: Response): Promise<SunbeonError> {
  const body = (await response.json().catch(() => undefined)) as { error?: WireError } | undefined;
  if (body?.error) return SunbeonError.from(body.error);
  const retryable = response.status === 429 || response.status >= 500;
  return new SunbeonError(retryable ? 'busy' : 'internal', `The service answered ${response.status}.`, retryable);
}
