import type { EntityManager } from 'typeorm';
import { randomId } from '../common/ids';
import { bulkInsert, type RowValue } from '../database/bulk';

export const NOTICE_KINDS = ['enrolled', 'dropped', 'waitlisted', 'promoted', 'offered', 'offer_expired'] as const;

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
  /** What the mail says beyond the section: `position` (on the waitlist), `expiresAt` (of an offer, ms). */
  details: Record<string, unknown>;
}

/** Takes what students are to be told, in the very transaction that makes it true. */
export class OutboxTable {
  /** Writes the rows in bulk. Notices of one call for one student and term become one mail, in their order. */
  async add(manager: EntityManager, notices: readonly OutboxNotice[]): Promise<void> {
    const createdAt = Date.now();
    const rows = mailsOf(notices).flatMap((mail) => {
      const mailId = randomId();
      return mail.map((notice, position) => toRow(notice, mailId, position, createdAt));
    });
    await bulkInsert(manager, 'outbox', rows);
  }
}

function mailsOf(notices: readonly OutboxNotice[]): OutboxNotice[][] {
  const mails = new Map<string, OutboxNotice[]>();
  for (const notice of notices) {
    const key = JSON.stringify([notice.studentId, notice.termId]);
    const mail = mails.get(key);
    if (mail) mail.push(notice);
    else mails.set(key, [notice]);
  }
  return [...mails.values()];
}

function toRow(notice: OutboxNotice, mailId: string, position: number, createdAt: number): Record<string, RowValue> {
  return {
    mail_id: mailId,
    position,
    student_id: notice.studentId,
    term_id: notice.termId,
    kind: notice.kind,
    section_id: notice.sectionId,
    details: JSON.stringify(notice.details),
    state: 'waiting',
    attempts: 0,
    next_at: createdAt,
    created_at: createdAt,
  };
}
