/**
 * What the simulated students saw, and what the database says: all that the judge looks at. Times are ms since the Unix
 * epoch by the service's clock, as the rush estimates it.
 */

/** A tab asked for its place (at a join, a reconnect, a reload), or a position was shown in it; in the order of things. */
export type Sight = { kind: 'asked'; tab: number } | { kind: 'shown'; tab: number; position: number };

/** From the moment a socket was told its place until it was let go, or was last heard of before it was lost. */
export interface Presence {
  from: number;
  /** Infinity while it lasts. */
  to: number;
}

export interface SeenAdmission {
  number: number;
  /** End of the lease: the moment of the admission by the line's own clock, plus the lease. */
  expiresAt: number;
  /** When it was told, by the service. */
  serverTime: number;
}

export interface SeenAnswer {
  sectionId: string;
  outcome: 'enrolled' | 'refused';
  /** Why it was refused. */
  code?: string;
}

export type Ending = { kind: 'finished' } | { kind: 'lost'; reason: string };

export interface StudentRecord {
  readonly studentId: string;
  readonly wishes: readonly string[];
  /** Every ticket number told to any tab; one told again is left out. */
  readonly numbers: number[];
  readonly sights: Sight[];
  /** One for each socket that was told its place. */
  readonly presence: Presence[];
  readonly admissions: SeenAdmission[];
  /** Final answers only: what could be asked again was asked again. */
  readonly answers: SeenAnswer[];
  ending?: Ending;
}

export function newStudentRecord(studentId: string, wishes: readonly string[]): StudentRecord {
  return { studentId, wishes, numbers: [], sights: [], presence: [], admissions: [], answers: [] };
}

export interface WantedSection {
  id: string;
  /** 0 = closed. */
  capacity: number;
  /** Seats that were free when the rush began. */
  seatsAtStart: number;
  /** On how many wish lists it is. */
  demand: number;
}

/** Where the seats are after the rush, by the database or by the service's catalogue. */
export interface SeatsTruth {
  /** Sections of each student of the rush. */
  enrolments: ReadonlyMap<string, ReadonlySet<string>>;
  /** Enrolments in each section, of anybody. */
  taken: ReadonlyMap<string, number>;
  /** How many the section itself says are taken. */
  counted: ReadonlyMap<string, number>;
}

export interface RushRecord {
  students: readonly StudentRecord[];
  sections: readonly WantedSection[];
  truth: SeatsTruth;
}
