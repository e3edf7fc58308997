import type { EpochTrail } from '../../../src/trail/verify';
import type { StudentRecord } from '../../../load/student/record';

/** One row of the admissions, as the database has it at the end of a round. Times in ms. */
export interface AdmissionFact {
  number: number;
  studentId: string;
  admittedAt: number;
  expiresAt: number;
  endedAt: number | null;
}

export interface SectionFact {
  id: string;
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
}

/** What the fault of a round allows the students to notice. */
export interface Expectations {
  /** Nobody's connection may be lost. */
  socketsKept: boolean;
  /**
   * Only coming to the place, which is asked for again as a part of the connect, as it may have to be on any machine that
   * is busy; or whatever may be tried again. A mishap of ours (`internal`) never.
   */
  mayRefuse: 'joins' | 'retryable';
  /** A student who has a socket is present: untrue where the fault cuts a living pod off for longer than its heartbeat. */
  socketIsPresence: boolean;
}

/** Everything that a round is judged by: what the students saw, what the database says, how the processes fared. */
export interface RoundRecord {
  policy: { ratePerSecond: number; capacity: number };
  expects: Expectations;
  /** When the fault began, ms since the Unix epoch. */
  faultAt: number;
  students: readonly StudentRecord[];
  /** Under which name the trail knows each student. */
  pseudonyms: ReadonlyMap<string, string>;
  /** Oldest first. */
  epochs: readonly EpochTrail[];
  admissions: readonly AdmissionFact[];
  enrolments: readonly { studentId: string; sectionId: string }[];
  sections: readonly SectionFact[];
  /** Processes that ended though no fault had asked for it. */
  wrongExits: readonly string[];
  /** What the pods logged. */
  logs: readonly string[];
  /** What the fault itself found wrong: a forgery that was believed, memory that grew. */
  faultProblems: readonly string[];
}
