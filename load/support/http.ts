import { z } from 'zod';
import { type RetryPolicy, withRetries } from '../../src/common/retry';
import { errorBodySchema } from '../../src/contract/errors';
import { rootText } from '../../src/common/text';

/** The service said no, or could not be reached. */
export class HttpError extends Error {
  constructor(
    message: string,
    readonly retryable: boolean,
    /** The service's own code; undefined when it gave none. */
    readonly code?: string,
  ) {
    super(message);
  }
}

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PATCH';
  body?: object;
  /** Bearer token. */
  token?: string;
}

const TIMEOUT_MS = 20_000;
/** About ten seconds in all. */
const RETRIES: RetryPolicy = { attempts: 8, firstPauseMs: 250, longestPauseMs: 2_500 };

/** Its code may be one of a younger service. */
const refusalSchema = z.object({ error: errorBodySchema().extend({ code: z.string() }) });

/**
 * Asks for JSON and checks it. What may succeed later is tried again for a few seconds.
 *
 * @throws HttpError with the service's own code and words, when it gave some
 */
export async function askJson<S extends z.ZodType>(
  url: string,
  schema: S,
  request: HttpRequest = {},
): Promise<z.infer<S>> {
  const again = (error: unknown): boolean => error instanceof HttpError && error.retryable;
  return withRetries(RETRIES, again, () => askOnce(url, schema, request));
}

async function askOnce<S extends z.ZodType>(url: string, schema: S, request: HttpRequest): Promise<z.infer<S>> {
  const { method = 'GET', body, token } = request;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body) headers['Content-Type'] = 'application/json';
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  const asked = { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) };
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(url, asked);
    answer = await response.json();
  } catch (cause) {
    throw new HttpError(`${method} ${url}: ${rootText(cause)}`, true);
  }
  if (response.ok) return schema.parse(answer);
  const { success, data } = refusalSchema.safeParse(answer);
  if (success) {
    const { code, message, retryable } = data.error;
    throw new HttpError(`${method} ${url}: ${code}: ${message}`, retryable, code);
  }
  throw new HttpError(`${method} ${url}: status ${response.status}`, response.status >= 500);
}

/** Does `work` for every item, at most `limit` at a time; the results are in the order of the items. */
export async function mapAtMost<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
