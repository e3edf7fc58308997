import type { RoundRecord } from './record';

/** How Node, and code that lost its way, speak in a log. */
const UNHANDLED = /unhandled|uncaught|ERR_UNHANDLED|MaxListenersExceeded|\b(?:Type|Range|Reference|Syntax)Error\b/i;

/** Refusals that end something for a student, a mishap of ours, or any at all where none may be. */
export function unexpectedRefusals({ students, expects, faultAt }: RoundRecord): string[] {
  return students.flatMap(({ studentId, refusals }) =>
    refusals
      .filter(({ retryable, code }) => expects.noRefusals || !retryable || code === 'internal')
      .map(({ event, code, at }) => `${studentId}: ${event} was refused: ${code}, ${at - faultAt} ms into the fault`),
  );
}

export function lostConnections({ students, expects, faultAt }: RoundRecord): string[] {
  if (!expects.socketsKept) return [];
  return students.flatMap(({ studentId, cuts }) =>
    cuts.map(({ at, reason }) => `${studentId}: ${reason}, ${at - faultAt} ms into the fault`),
  );
}

/** A connection that the service ends for good: stock clients do not come back from it. */
export function thrownOut({ students }: RoundRecord): string[] {
  return students.flatMap(({ studentId, cuts }) =>
    cuts.filter(({ reason }) => reason === 'io server disconnect').map(() => `${studentId} was disconnected for good`),
  );
}

export function unhandledErrors({ logs }: RoundRecord): string[] {
  return logs.flatMap((log) => log.split('\n')).filter((line) => UNHANDLED.test(line));
}
