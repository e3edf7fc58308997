/** What the service answers over HTTP. Times are ms since the Unix epoch by the server's clock. */
import type { WireError } from '../../src/contract/errors';
import type { RoomStateMessage } from '../../src/contract/rooms';
import type { Student } from './state';

export interface SsoConfig {
  authorizeUrl: string;
  tokenUrl: string;
  clientId: string;
  /** Space-separated; `openid` when missing. */
  scope?: string;
  /** Who checks it: the issuer of the tokens. */
  issuer?: string;
  /** `pod`: the service exchanges the code; `page` when missing. */
  exchange?: 'page' | 'pod';
  /** What the university is to ask at every sign-in. */
  prompt?: string;
  /** Where to end the sign-in at the university. */
  signOutUrl?: string;
}

export interface ServiceConfig {
  signIn: 'demo' | 'sso';
  /** For sign-in by the page; missing where the university's token comes another way. */
  sso?: SsoConfig;
  /** Longest wait between two tries to reconnect, ms. */
  reconnectDelayMaxMs?: number;
  serverTime: number;
}

export interface SignIn {
  token: string;
  student: Student;
  expiresAt: number;
}

export interface RoomView extends RoomStateMessage {
  waiting: number;
  inside: number;
  /** The seats of its term stand still. */
  seatsStopped?: { reason: string; stoppedAt: number };
}

export type Day = 'Mo' | 'Tu' | 'We' | 'Th' | 'Fr' | 'Sa' | 'Su';

export interface Meeting {
  day: Day;
  /** `HH:MM`. */
  start: string;
  end: string;
  location: string;
  /** The part of the term in which it is, `2025-09-04`; without: from its beginning, or to its end. */
  from?: string;
  until?: string;
  /** Of the halves of the term, 1 or 2; without: both. */
  half?: number;
}

export interface Section {
  id: string;
  termId: string;
  courseId: string;
  code: string;
  section: string;
  type: string;
  title: string;
  instructors: string[];
  credits: number;
  capacity: number;
  left: number;
  version: number;
  closed: boolean;
  meetings: Meeting[];
  prerequisites: string;
  notes: string;
}

export interface SectionQuery {
  query?: string;
  department?: string;
  openOnly?: boolean;
  /** From 1. */
  page?: number;
  pageSize?: number;
}

export interface SectionPage {
  sections: Section[];
  total: number;
  page: number;
}

export interface Enrolment {
  section: Section;
  enrolledAt: number;
  /** Until when it can be dropped or swapped; without an end when missing. */
  dropUntil?: number;
}

/** When the student's class year may enrol; null: from the beginning, or without an end. */
export interface StudentWindow {
  classYear: 'firstyear' | 'sophomore' | 'junior' | 'senior' | null;
  opensAt: number | null;
  closesAt: number | null;
}

/** What would stand in the way of a section of the cart if it were committed now, whatever seats are left. */
export interface CartObstacle extends Pick<WireError, 'code' | 'details'> {
  sectionId: string;
}

export interface CartView {
  /** 0: nothing was ever put in. */
  version: number;
  /** In order of preference. */
  sectionIds: string[];
  sections: Section[];
  obstacles: CartObstacle[];
  /** Most credits that the student may be enrolled for; a service one version older does not say. */
  creditLimit?: number;
}

/** The student's turn on one waitlist. */
export interface Waitlist {
  section: Section;
  state: 'waiting' | 'offered';
  /** 1 = next; 0 once a seat is offered. */
  position: number;
  /** Until when the offer can be accepted; null while waiting. */
  offerExpiresAt: number | null;
  joinedAt: number;
  /** What a seat that becomes free will be: an enrolment at once, or an offer. */
  mode?: 'promote' | 'offer';
}

/** `waiting` for good where the service has no mail server; `parked`: given up. */
export type MailState = 'waiting' | 'claimed' | 'sent' | 'parked';

export interface Mail {
  id: number;
  subject: string;
  text: string;
  state: MailState;
  createdAt: number;
  sentAt: number | null;
}
