import type { ErrorCode } from '../../../contract/errors';

/** A weekly hour: minutes of the day, end exclusive. */
export interface MeetingFact {
  /** 1 = Monday to 7 = Sunday. */
  day: number;
  startMinute: number;
  endMinute: number;
  /** The part of the term in which it is, `2025-09-04`; without, from its beginning, or to its end. */
  firstDay?: string | null;
  lastDay?: string | null;
  /** Of the halves of a term without dates, 1 or 2; without, both. */
  half?: number | null;
}

/** What the rules need to know of a section, apart from its seats. */
export interface SectionFacts {
  id: string;
  courseId: string;
  /** `MATH 252` */
  code: string;
  /** The letter that tells the sections of a course apart, or ''. */
  section: string;
  /** Lecture, lab and so on. */
  type: string;
  creditsHundredths: number;
  meetings: readonly MeetingFact[];
}

/** A section's seats as they are under its row's lock. */
export interface SeatFacts {
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
}

/** What stands in the way of one seat. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

/** Seats that anybody may still take. */
export function seatsLeft({ capacity, taken, held, overrides }: SeatFacts): number {
  return Math.max(0, capacity + overrides - taken - held);
}

/** `MATH 252 B` */
export function nameOf({ code, section }: SectionFacts): string {
  return section === '' ? code : `${code} ${section}`;
}
