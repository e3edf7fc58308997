/** One key for two texts, which no other two have. */
export const pairKey = (first: string, second: string): string => `${first.length} ${first}${second}`;

/** The text of anything that was thrown, for logs. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
