/**
 * What the simulated students saw, and what the database says: all that the judge looks at. Times are ms since the Unix
 * epoch by the service's clock, as the rush estimates it.
 */
import type { EnrolmentState } from '../../src/live/events';

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

/** What a student may ask about seats; join and leave are those of a waitlist. */
export type SeatQuestion = 'commit' | 'drop' | 'swap' | 'join' | 'leave';

export interface SeenAnswer {
  question: SeatQuestion;
  sectionId: string;
  outcome: 'enrolled' | 'dropped' | 'kept' | 'waitlisted' | 'left' | 'refused';
  /** Why it was refused. */
  code?: string;
  /** On the waitlist, when it was joined. */
  position?: number;
  /** The other section of a swap. */
  other?: string;
  /** When it was first asked. */
  askedAt: number;
  answeredAt: number;
}

/** What a tab was told of a seat without having asked. */
export interface SeenNews {
  tab: number;
  sectionId: string;
  state: EnrolmentState;
  by: string;
  at: number;
}

/** From the moment a tab was connected until it was known not to be any more. */
export interface Connection {
  tab: number;
  from: number;
  /** Infinity while it lasts. */
  to: number;
}

export type Ending = { kind: 'finished' } | { kind: 'lost'; reason: string };

export interface StudentRecord {
  readonly studentId: string;
  readonly wishes: readonly string[];
  /** Sections that are not on the list, but may be asked for in a swap. */
  readonly mayTake: readonly string[];
  /** Every ticket number told to any tab; one told again is left out. */
  readonly numbers: number[];
  readonly sights: Sight[];
  /** One for each socket that was told its place. */
  readonly presence: Presence[];
  readonly admissions: SeenAdmission[];
  /** Final answers only: what could be asked again was asked again. */
  readonly answers: SeenAnswer[];
  readonly news: SeenNews[];
  readonly connections: Connection[];
  ending?: Ending;
}

export function newStudentRecord(
  studentId: string,
  wishes: readonly string[],
  mayTake: readonly string[] = [],
): StudentRecord {
  const seen = { numbers: [], sights: [], presence: [], admissions: [], answers: [], news: [], connections: [] };
  return { studentId, wishes, mayTake, ...seen };
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
