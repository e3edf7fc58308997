import type { LineEvent } from '../../line/line-store';
import { EpochVerifier } from './epoch-verifier';
import { NumberSet } from './number-set';
import type { EpochFacts, EpochTrail, VerifyReport } from './report';

export type { EpochFacts, EpochTrail, VerifyReport, Violation } from './report';

/**
 * Proves from the trail alone that a room's line was fair: dense numbers in the order of joining, one place per student,
 * only legal moves, nobody let in past somebody present with a lower number, never more inside than the capacity of the
 * moment, never faster than the rate, never while the room was shut. Admissions by hand are exempt from order, capacity
 * and rate, and counted apart.
 *
 * It is told one life of the line after another, oldest first, and each event in its order. It keeps who lives, and a few
 * bits for each number that was ever given.
 */
export class TrailCheck {
  readonly report: VerifyReport = {
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
  private readonly issued = new NumberSet();
  private epoch: EpochVerifier | undefined;

  /** The next life of the line. */
  begin(facts: EpochFacts): void {
    this.report.epochs += 1;
    this.epoch = new EpochVerifier(facts, this.issued, this.report);
  }

  /** The next event of that life. */
  take(event: LineEvent): void {
    this.epoch?.take(event);
  }
}

/** The same for a trail that is all here. */
export function verifyTrail(epochs: Iterable<EpochTrail>): VerifyReport {
  const check = new TrailCheck();
  for (const epoch of epochs) {
    check.begin(epoch);
    for (const event of epoch.events) check.take(event);
  }
  return check.report;
}
