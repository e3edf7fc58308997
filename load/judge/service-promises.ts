import type { Refusal } from '../student/record';
import type { Expectations, ServiceRecord } from './record';

/** How Node, and code that lost its way, speak in a log. */
const UNHANDLED = /unhandled|uncaught|ERR_UNHANDLED|MaxListenersExceeded|\b(?:Type|Range|Reference|Syntax)Error\b/i;

const ALLOWED: Record<Expectations['mayRefuse'], (refusal: Refusal) => boolean> = {
  joins: ({ event, retryable }) => retryable && event === 'line:join',
  retryable: ({ retryable }) => retryable,
};

/** Refusals that a fault does not excuse, and mishaps of ours. */
export function unexpectedRefusals({ students, service: { expects, faultAt } }: ServiceRecord): string[] {
  const isAllowed = ALLOWED[expects.mayRefuse];
  return students.flatMap(({ studentId, refusals }) =>
    refusals
      .filter((refusal) => refusal.code === 'internal' || !isAllowed(refusal))
      .map(({ event, code, at }) => `${studentId}: ${event} was refused: ${code}, ${at - faultAt} ms into the fault`),
  );
}

export function lostConnections({ students, service: { expects, faultAt } }: ServiceRecord): string[] {
  if (!expects.socketsKept) return [];
  return students.flatMap(({ studentId, cuts }) =>
    cuts.map(({ at, reason }) => `${studentId}: ${reason}, ${at - faultAt} ms into the fault`),
  );
}

/** A connection that the service ends for good: stock clients do not come back from it. */
export function thrownOut({ students }: ServiceRecord): string[] {
  return students.flatMap(({ studentId, cuts }) =>
    cuts.filter(({ reason }) => reason === 'io server disconnect').map(() => `${studentId} was disconnected for good`),
  );
}

export function unhandledErrors({ service: { logs } }: ServiceRecord): string[] {
  return logs.flatMap((log) => log.split('\n')).filter((line) => UNHANDLED.test(line));
}
