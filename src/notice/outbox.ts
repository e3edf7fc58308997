import type { EntityManager } from 'typeorm';
import { groupBy } from '../common/collections';
import { pairKey } from '../common/text';
import { bulkInsert, type RowValue } from '../database/bulk';

export const NOTICE_KINDS = [
  'enrolled',
  'dropped',
  'waitlisted',
  'promoted',
  'offered',
  'offer_expired',
  'section_closed',
  'waitlist_closed',
] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

/**
 * - waiting: to be sent when its time has come; for ever so where no mail server is configured.
 * - claimed: a worker is at it, for as long as its lease lasts.
 * - sent: the mail server has taken it.
 * - parked: given up, with the reason, until an operator puts it back.
 */
export const OUTBOX_STATES = ['waiting', 'claimed', 'sent', 'parked'] as const;

export type OutboxState = (typeof OUTBOX_STATES)[number];

/** One thing that a student is to be told. */
export interface OutboxNotice {
  studentId: string;
  termId: string;
  kind: NoticeKind;
  sectionId: string;
  /** What the mail says beyond the section: `position` (on the waitlist), `expiresAt` (of an offer, ms), `reason`. */
  details: Record<string, unknown>;
}

type Mail = [OutboxNotice, ...OutboxNotice[]];

/** Takes what students are to be told, in the very transaction that makes it true. */
export class OutboxTable {
  /** Writes the mails in bulk. Notices of one call for one student and term become one mail, in their order. @param now by the database's clock, ms */
  async add(manager: EntityManager, notices: readonly OutboxNotice[], now: number): Promise<void> {
    await bulkInsert(
      manager,
      'outbox',
      mailsOf(notices).map((mail) => toRow(mail, now)),
    );
  }
}

const mailsOf = (notices: readonly OutboxNotice[]): Mail[] => [
  ...groupBy(notices, ({ termId, studentId }) => pairKey(termId, studentId)).values(),
];

function toRow(mail: Mail, createdAt: number): Record<string, RowValue> {
  const [{ studentId, termId }] = mail;
  return {
    student_id: studentId,
    term_id: termId,
    notices: JSON.stringify(mail.map(({ kind, sectionId, details }) => ({ kind, sectionId, details }))),
    state: 'waiting',
    attempts: 0,
    next_at: createdAt,
    created_at: createdAt,
  };
}
