import type { EnrolmentState } from '../../src/contract/seats';
import type { LineNotes } from './place';
import type { SeatAnswer, SeatQuestion } from './seat-request';

/** An answer, and when. */
export interface SeenAnswer extends SeatAnswer {
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

/** The service said no; whether it was asked again later or not. */
export interface Refusal {
  /** The event that was refused, or `connect`. */
  event: string;
  code: string;
  retryable: boolean;
  at: number;
}

/** A connection that was lost, and not by the student's own doing. */
export interface Cut {
  at: number;
  reason: string;
  /** The pod that the tab had chosen itself; undefined behind the common address. */
  pod?: number;
}

/** How long an answer took, from the first time that it was asked for, ms. */
export interface Wait {
  question: SeatQuestion | 'finish';
  ms: number;
}

/** Everything that one simulated student saw and heard. Times are ms since the Unix epoch, by the clock of the swarm. */
export interface StudentRecord extends LineNotes {
  readonly studentId: string;
  readonly wishes: readonly string[];
  /** Sections that are not on the list, but may be asked for in a swap. */
  readonly mayTake: readonly string[];
  /** Final answers only, in the order in which they came: what could be asked again was asked again. */
  readonly answers: SeenAnswer[];
  readonly news: SeenNews[];
  readonly connections: Connection[];
  readonly refusals: Refusal[];
  readonly cuts: Cut[];
  /** Times without any connection to a place, none of them by the student's own doing, ms. */
  readonly gaps: number[];
  readonly waits: Wait[];
  /** When the place was told for the first time. */
  ticketAt?: number;
  /** Gave the place back while waiting. */
  leftOnPurpose: boolean;
}

export function newStudentRecord(
  studentId: string,
  wishes: readonly string[],
  mayTake: readonly string[] = [],
): StudentRecord {
  const line = { numbers: [], sights: [], presence: [], admissions: [] };
  const service = { connections: [], refusals: [], cuts: [], gaps: [], waits: [] };
  return { studentId, wishes, mayTake, ...line, ...service, answers: [], news: [], leftOnPurpose: false };
}
