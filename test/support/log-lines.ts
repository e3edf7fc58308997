/** A line of a pod's log: its fields. */
export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  code?: string;
  requestId?: string;
  msg?: string;
  [field: string]: unknown;
}

/** The lines of a log in JSON; what else a process wrote, such as the last words of Node itself, is none. */
export function logLines(output: string): LogLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** What no client may be able to cause: errors, with `warn` also warnings, and what nobody has caught. */
export function troublesIn(output: string, levels: readonly LogLine['level'][] = ['error', 'fatal']): string[] {
  const uncaught = output.split('\n').filter((line) => /unhandled|uncaught/i.test(line));
  const told = logLines(output).filter(({ level }) => levels.includes(level));
  return [...uncaught, ...told.map((line) => JSON.stringify(line))];
}
