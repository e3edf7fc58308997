import { z } from 'zod';
import { NOTICE_KINDS, type OutboxState } from './outbox';
import type { OutboxEntity } from './outbox.entity';

/** The part of a notice's details that mails show; whatever else is there, or is not as expected, is left out. */
const detailsSchema = z.object({
  position: z.int().positive().optional().catch(undefined),
  expiresAt: z.int().positive().optional().catch(undefined),
});

const noticesSchema = z.array(z.object({ kind: z.enum(NOTICE_KINDS), sectionId: z.string(), details: detailsSchema }));

export type MailNotice = z.infer<typeof noticesSchema>[number];

/** A mail of the outbox. Times in ms since the Unix epoch. */
export interface OutboxMail {
  id: number;
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

export function toMail({ notices, state, claimedBy: _, ...mail }: OutboxEntity): OutboxMail {
  return { ...mail, notices: noticesSchema.parse(JSON.parse(notices)), state: state as OutboxState };
}
