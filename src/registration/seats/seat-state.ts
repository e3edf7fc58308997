import type { ClassYear } from '../../contract/fields';
import type { SeatActKind } from '../../contract/operate/seats';
import type { SeatPolicy, TermPolicy } from '../../contract/policy';
import type { SeatFacts, SectionFacts } from './rules';
import type { SectionRef } from './section-ref';
import type { WaitlistState } from './waitlist-state';

/**
 * What a held seat is held for:
 *
 * - promotion: the head of the waitlist is about to get it; due when that should long have happened.
 * - offer: it was offered to `studentId`; due when the offer ends.
 * - release: nobody waited when it was given back; due when the release policy lets go of it.
 */
export type HoldReason = 'promotion' | 'offer' | 'release';

/** How a student came to a seat. */
export type EnrolmentSource = 'commit' | 'promotion' | 'operator';

/** A section with its seats, as read under its row's lock. */
export interface LockedSection extends SectionFacts, SeatFacts {
  termId: string;
  version: number;
  waiting: number;
  waitlistNumber: number;
  policy: SeatPolicy;
  /** Seats per class year; undefined: not limited, or not enforced in this term. */
  classYearLimits: Readonly<Partial<Record<ClassYear, number>>> | undefined;
}

export interface StudentFacts {
  classYear: ClassYear | undefined;
}

export interface TermFacts {
  creditLimitHundredths: number;
  policy: TermPolicy;
}

/** Why the seats of a term stand still. */
export interface SeatStopFacts {
  reason: string;
  /** ms since the Unix epoch. */
  stoppedAt: number;
}

/** A held seat. It is never changed: another reason is another hold. */
export interface SeatHold {
  id: string;
  sectionId: string;
  termId: string;
  reason: HoldReason;
  studentId: string | null;
  /** ms since the Unix epoch, by the database's clock. */
  dueAt: number;
}

export interface WaitlistEntry {
  readonly sectionId: string;
  readonly number: number;
  readonly studentId: string;
  readonly termId: string;
  state: WaitlistState;
  offerExpiresAt: number | null;
}

/** What was read under the locks. */
export interface SeatState {
  /** ms since the Unix epoch, by the database's clock. */
  now: number;
  students: ReadonlyMap<string, StudentFacts>;
  /** Whose rows were to be locked, too, and were not there (any more). */
  unknownStudents: ReadonlySet<string>;
  terms: ReadonlyMap<string, TermFacts>;
  /** Credit limits of students' own in hundredths, by `pairKey` of term and student. */
  creditLimits: ReadonlyMap<string, number>;
  /** Of the terms whose seats stand still. */
  stops: ReadonlyMap<string, SeatStopFacts | 'archived'>;
  /** By section key, as the other maps of sections. */
  sections: ReadonlyMap<string, LockedSection>;
  enrolments: readonly { studentId: string; termId: string; section: SectionFacts }[];
  /** Of the sections. */
  holds: readonly SeatHold[];
  /** Open entries: those of the students, those that were offered a seat in a promotion's section, and its head. */
  entries: readonly WaitlistEntry[];
  /** Up to which number everyone who waits in a promotion's section is among the entries. */
  reach: ReadonlyMap<string, number>;
  /** Who has a seat in the sections that are to be closed. */
  enrolledIn: ReadonlyMap<string, readonly string[]>;
  /** Enrolments per section and class year, where these are limited. */
  classYearTaken: ReadonlyMap<string, ReadonlyMap<ClassYear, number>>;
}

/** By how much the counts of a section change. */
export interface CountChanges {
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
  waiting: number;
  waitlist_number: number;
}

export interface SeatAct {
  act: SeatActKind;
  termId: string;
  sectionId: string;
  studentId: string | null;
  operator: string;
  note: string;
  details: Record<string, unknown>;
}

/** What the decisions of one batch come to. */
export interface SeatChanges {
  now: number;
  added: (SectionRef & { studentId: string; source: EnrolmentSource; admission: string | undefined })[];
  removed: (SectionRef & { studentId: string })[];
  /** Sections whose counts change. */
  counts: (SectionRef & CountChanges)[];
  holds: { added: readonly SeatHold[]; removed: readonly string[] };
  waitlist: { added: readonly WaitlistEntry[]; changed: readonly WaitlistEntry[] };
  policies: (SectionRef & { policy: SeatPolicy })[];
  acts: readonly SeatAct[];
}
