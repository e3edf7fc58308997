import { NOTICE_KINDS, type MailState, type OutboxMail } from '../contract/mails';
import { z } from 'zod';
import type { OutboxEntity } from './outbox.entity';

/** The part of a notice's details that mails show; whatever else is there, or is not as expected, is left out. */
const detailsSchema = z.object({
  position: z.int().positive().optional().catch(undefined),
  expiresAt: z.int().positive().optional().catch(undefined),
});

const noticesSchema = z.array(z.object({ kind: z.enum(NOTICE_KINDS), sectionId: z.string(), details: detailsSchema }));

export function toMail({ notices, requestIds, state, claimedBy: _, ...mail }: OutboxEntity): OutboxMail {
  return {
    ...mail,
    notices: noticesSchema.parse(JSON.parse(notices)),
    requestIds: requestIds?.split(' ') ?? [],
    state: state as MailState,
  };
}
