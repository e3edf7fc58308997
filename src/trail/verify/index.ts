import { EpochVerifier } from './epoch-verifier';
import type { EpochTrail, VerifyReport } from './report';

export type { EpochTrail, VerifyReport, Violation } from './report';

/**
 * Proves from the trail alone that a room's line was fair: dense numbers in the order of joining, one place per student,
 * only legal moves, nobody let in past somebody present with a lower number, never more inside than the capacity of the
 * moment, never faster than the rate, never while the room was shut. Admissions by hand are exempt from order, capacity
 * and rate, and counted apart.
 */
export function verifyTrail(epochs: Iterable<EpochTrail>): VerifyReport {
  const report: VerifyReport = {
    epochs: 0,
    events: 0,
    joined: 0,
    restored: 0,
    admitted: 0,
    byHand: 0,
    ended: 0,
    unknown: 0,
    violations: [],
  };
  const issued = new Set<number>();
  for (const epoch of epochs) {
    report.epochs += 1;
    new EpochVerifier(epoch, issued, report).run();
  }
  return report;
}
