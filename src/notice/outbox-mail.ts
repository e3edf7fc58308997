import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { z } from 'zod';
import type { NoticeKind, OutboxState } from './outbox';
import { OutboxEntity } from './outbox.entity';

/** The part of a notice's details that mails show; whatever else is there, or is not as expected, is left out. */
const detailsSchema = z.object({
  position: z.int().positive().optional().catch(undefined),
  expiresAt: z.int().positive().optional().catch(undefined),
});

export type NoticeDetails = z.infer<typeof detailsSchema>;

export interface MailNotice {
  kind: NoticeKind;
  sectionId: string;
  details: NoticeDetails;
}

/** The rows of one mail, put together. Times in ms since the Unix epoch. */
export interface OutboxMail {
  id: string;
  studentId: string;
  termId: string;
  notices: MailNotice[];
  state: OutboxState;
  attempts: number;
  nextAt: number;
  createdAt: number;
  sentAt: number | null;
  lastError: string | null;
}

/** These mails, in the order of the ids. */
export async function readMails(manager: EntityManager, ids: readonly string[]): Promise<OutboxMail[]> {
  if (ids.length === 0) return [];
  const rows = await manager.find(OutboxEntity, { where: { mailId: In([...ids]) }, order: { position: 'ASC' } });
  return ids.flatMap((id) => {
    const own = rows.filter(({ mailId }) => mailId === id);
    return own[0] ? [toMail(own[0], own)] : [];
  });
}

function toMail(first: OutboxEntity, rows: OutboxEntity[]): OutboxMail {
  const { mailId: id, studentId, termId, attempts, nextAt, createdAt, sentAt, lastError } = first;
  const state = first.state as OutboxState;
  return { id, studentId, termId, notices: rows.map(toNotice), state, attempts, nextAt, createdAt, sentAt, lastError };
}

function toNotice({ kind, sectionId, details }: OutboxEntity): MailNotice {
  return { kind: kind as NoticeKind, sectionId, details: detailsSchema.parse(JSON.parse(details)) };
}
