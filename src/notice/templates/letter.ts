import type { NoticeKind } from '../../contract/mails';

/** One section in a mail. */
export interface LetterLine {
  kind: NoticeKind;
  /** As students know the section. */
  code: string;
  title: string;
  /** Place on the waitlist, from 1. */
  position?: number;
  /** Until when an offer holds, ms since the Unix epoch. */
  expiresAt?: number;
  /** Why an operator took the seat away, in their words. */
  reason?: string;
}

/** What one mail tells one student. */
export interface Letter {
  studentName: string;
  /** When it became true, ms since the Unix epoch. */
  at: number;
  /** At least one. */
  lines: LetterLine[];
}

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** The words of one language. Times come formatted. */
export interface Phrases {
  greeting(studentName: string): string;
  /** Over the sections of this kind. */
  heading: Record<NoticeKind, string>;
  subjectOfOne(heading: string, section: string): string;
  subjectOfSeveral(heading: string, count: number): string;
  subjectOfMixed(count: number): string;
  waitlistPosition(position: number): string;
  acceptUntil(time: string): string;
  takenAway(reason: string): string;
  asOf(time: string): string;
  footer: string;
  time(at: number, timeZone: string): string;
}
