import type { EntityManager } from 'typeorm';
import type { NoticeKind } from '../contract/mails';
import { groupBy } from '../common/collections';
import { pairKey } from '../common/text';
import { bulkInsert, type RowValue } from '../database/bulk';

/** One thing that a student is to be told. */
export interface OutboxNotice {
  studentId: string;
  termId: string;
  kind: NoticeKind;
  sectionId: string;
  /** What the mail says beyond the section: `position` (on the waitlist), `expiresAt` (of an offer, ms), `reason`. */
  details: Record<string, unknown>;
  /** The request by which it came to be. */
  requestId?: string;
}

type Mail = [OutboxNotice, ...OutboxNotice[]];

/** Takes what students are to be told, in the very transaction that makes it true. */
export class OutboxTable {
  /**
   * Writes the mails in bulk. Notices of one call for one student and term become one mail, in their order.
   *
   * @param now by the database's clock, ms
   */
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
    request_ids: requestIdsOf(mail),
    state: 'waiting',
    attempts: 0,
    next_at: createdAt,
    created_at: createdAt,
  };
}

/** Each once, by blanks. */
const requestIdsOf = (mail: Mail): string | null =>
  [...new Set(mail.flatMap(({ requestId }) => requestId ?? []))].join(' ') || null;
