import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logDirectory } from '../../load/servers/managed-process';
import type { RunRecord } from '../../load/judge/record';

/** Keeps everything that a round was judged by, beside the output of its processes. @returns the file */
export function keepRecord(roundId: string, record: RunRecord): string {
  const file = join(logDirectory(), `chaos-${roundId}.json`);
  const asPlain = (_key: string, value: unknown): unknown => {
    if (value instanceof Set) return [...value];
    return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
  };
  writeFileSync(file, JSON.stringify(record, asPlain, 1));
  return file;
}
