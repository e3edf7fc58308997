/** One key for two texts, which no other two have. */
export const pairKey = (first: string, second: string): string => `${first.length} ${first}${second}`;

/** What began it: what fetch itself says, for one, is only that it failed. */
export function rootText(error: unknown): string {
  const { cause, message, code } = (error ?? {}) as { cause?: unknown; message?: string; code?: string };
  if (cause) return rootText(cause);
  // A host with several addresses has as many reasons, and no text but the code.
  return message || code || String(error);
}

/** The text of anything that was thrown, for logs. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same as fields of a log line: with its code, where it has one. */
export function failure(error: unknown): { reason: string; error?: string } {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return { reason: errorText(error), ...(typeof code === 'string' ? { error: code } : {}) };
}
