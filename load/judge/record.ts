/**
 * What the simulated students saw, and what the database says: all that the judge looks at. Times are ms since the Unix
 * epoch, by the clock of the swarm.
 */
import type { StudentRecord } from '../student/record';
import type { EpochTrail } from '../../src/trail/verify';

export interface WantedSection {
  id: string;
  /** 0 = closed. */
  capacity: number;
  /** Seats that were free when the students came. */
  seatsAtStart: number;
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

/** Where the seats are in the end, by the database or by the service's catalogue. */
export interface SeatsTruth {
  /** Sections of each student of ours. */
  enrolments: ReadonlyMap<string, ReadonlySet<string>>;
  /** Enrolments of students of ours that are there more than once. */
  doubled: readonly { studentId: string; sectionId: string }[];
  /** Enrolments in each section, of anybody. */
  taken: ReadonlyMap<string, number>;
  /** How many the section itself says are taken. */
  counted: ReadonlyMap<string, number>;
  /** How many seats of each section anybody may still take; below 0 where too many are taken or held. */
  left: ReadonlyMap<string, number>;
  /** Who waits for each section, of anybody; only students of ours when the service was asked. */
  waits: ReadonlyMap<string, readonly WaitingStudent[]>;
  /** Whom each waitlist has served; only where the database was read. */
  served?: ReadonlyMap<string, readonly ServedStudent[]>;
}

/** One row of the admissions, as the database has it in the end. Times in ms. */
export interface AdmissionFact {
  number: number;
  studentId: string;
  admittedAt: number;
  expiresAt: number;
  endedAt: number | null;
}

/** What the database says of the line. */
export interface LineFacts {
  policy: { ratePerSecond: number; capacity: number };
  /** Under which name the trail knows each student. */
  pseudonyms: ReadonlyMap<string, string>;
  /** Oldest first. */
  epochs: readonly EpochTrail[];
  admissions: readonly AdmissionFact[];
}

/** What the students may notice. */
export interface Expectations {
  /** Nobody's connection may be lost. */
  socketsKept: boolean;
  /**
   * Only coming to the place, which is asked for again as a part of the connect, as it may have to be on any machine that
   * is busy; or whatever may be tried again. A mishap of ours (`internal`) never.
   */
  mayRefuse: 'joins' | 'retryable';
  /** A student who has a socket is present: untrue where a living pod is cut off for longer than its heartbeat. */
  socketIsPresence: boolean;
}

/** How the processes fared while something was broken on purpose. */
export interface ServiceFacts {
  expects: Expectations;
  /** When the fault began, ms since the Unix epoch. */
  faultAt: number;
  /** Processes that ended though no fault had asked for it. */
  wrongExits: readonly string[];
  /** What the pods logged. */
  logs: readonly string[];
  /** What the fault itself found wrong: a forgery that was believed, memory that grew. */
  faultProblems: readonly string[];
}

/** All that is judged: what the students saw, where the seats are, and more where it is known. */
export interface RunRecord {
  students: readonly StudentRecord[];
  sections: readonly WantedSection[];
  truth: SeatsTruth;
  line?: LineFacts;
  service?: ServiceFacts;
}

export type LineRecord = RunRecord & { line: LineFacts };
export type ServiceRecord = RunRecord & { service: ServiceFacts };
