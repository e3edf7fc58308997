import type { LineEvent } from '../../line/line-store';
import type { FoldedTicket } from '../fold';

/** One promise that the trail shows broken, and where. */
export interface Violation {
  rule:
    | 'gap'
    | 'number_order'
    | 'number_reused'
    | 'two_places'
    | 'illegal_move'
    | 'overtake'
    | 'over_capacity'
    | 'over_rate'
    | 'admitted_while_shut'
    | 'lottery';
  epoch: number;
  sequence: number;
  text: string;
}

/** What one life of a line began with, as the database holds it; students by pseudonym. */
export interface EpochFacts {
  epoch: number;
  firstNumber: number;
  restoredThrough: number;
  /** The room's lottery, if it has one, was settled before. */
  drawn?: boolean;
  checkpoint: FoldedTicket[];
}

/** One life of a line, as the database holds it. */
export interface EpochTrail extends EpochFacts {
  events: Iterable<LineEvent>;
}

export interface VerifyReport {
  epochs: number;
  events: number;
  joined: number;
  /** Tickets that an epoch took over from the one before. */
  restored: number;
  admitted: number;
  byHand: number;
  ended: number;
  /** Events of a newer version, which were not judged: its own checker has to. */
  unknown: number;
  violations: Violation[];
}

/** Notes a broken promise. */
export type Broken = (rule: Violation['rule'], event: LineEvent, text: string) => void;
