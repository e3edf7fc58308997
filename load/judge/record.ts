/**
 * What the simulated students saw, and what the database says: all that the judge looks at. Times are ms since the Unix
 * epoch by the service's clock, as the rush estimates it.
 */
import type { StudentRecord } from '../student/record';

export interface WantedSection {
  id: string;
  /** 0 = closed. */
  capacity: number;
  /** Seats that were free when the rush began. */
  seatsAtStart: number;
  /** On how many wish lists it is. */
  demand: number;
}

/** Who still waits; the lower place was taken earlier. */
export interface WaitingStudent {
  studentId: string;
  place: number;
}

/** Whom a waitlist has brought a seat. */
export interface ServedStudent extends WaitingStudent {
  /** ms, by the database's clock when the transaction began. */
  at: number;
}

/** Where the seats are after the rush, by the database or by the service's catalogue. */
export interface SeatsTruth {
  /** Sections of each student of the rush. */
  enrolments: ReadonlyMap<string, ReadonlySet<string>>;
  /** Enrolments in each section, of anybody. */
  taken: ReadonlyMap<string, number>;
  /** How many the section itself says are taken. */
  counted: ReadonlyMap<string, number>;
  /** How many seats of each section anybody may still take. */
  left: ReadonlyMap<string, number>;
  /** Who waits for each section, of anybody; only students of the rush when the service was asked. */
  waits: ReadonlyMap<string, readonly WaitingStudent[]>;
  /** Whom each waitlist has served; only where the database was read. */
  served?: ReadonlyMap<string, readonly ServedStudent[]>;
}

export interface RushRecord {
  students: readonly StudentRecord[];
  sections: readonly WantedSection[];
  truth: SeatsTruth;
}
