import { newStudentRecord, type StudentRecord } from '../../../load/judge/record';
import type { LineNotes } from '../../../load/student/place';

/** A final answer to one wish or one drop, in the order in which they came. */
export interface SeatAnswer {
  sectionId: string;
  asked: 'commit' | 'drop';
  outcome: 'enrolled' | 'dropped' | 'refused';
  /** Why it was refused. */
  code?: string;
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
  /** The pod that the tab had chosen itself; undefined behind nginx. */
  pod?: number;
}

/** Everything that one student saw and heard in a round. Times are ms since the Unix epoch. */
export interface StudentView extends LineNotes {
  readonly studentId: string;
  readonly wishes: readonly string[];
  readonly seats: SeatAnswer[];
  readonly refusals: Refusal[];
  readonly cuts: Cut[];
  /** Times without any connection to a place, none of them by the student's own doing, ms. */
  readonly gaps: number[];
  /** From the first time a question was asked until its final answer, ms. */
  readonly waits: number[];
  /** When the place was told for the first time. */
  ticketAt?: number;
  /** Gave the place back while waiting. */
  leftOnPurpose: boolean;
}

export function newStudentView(studentId: string, wishes: readonly string[]): StudentView {
  const lists = { numbers: [], sights: [], presence: [], admissions: [] };
  return { studentId, wishes, ...lists, leftOnPurpose: false, seats: [], refusals: [], cuts: [], gaps: [], waits: [] };
}

/** The part that the promises of the rush are about. */
export function asRushRecord(view: StudentView): StudentRecord {
  const { numbers, sights, presence, admissions, ending } = view;
  return { ...newStudentRecord(view.studentId, view.wishes), numbers, sights, presence, admissions, ending };
}
