import { z } from 'zod';
import { call, type Calls } from './call';
import { atSchema, countSchema } from './fields';

export const NOTICE_KINDS = [
  ...(['enrolled', 'dropped', 'waitlisted', 'promoted'] as const),
  ...(['offered', 'offer_expired', 'section_closed', 'waitlist_closed'] as const),
] as const;

/**
 * - waiting: to be sent when its time has come; for ever so where no mail server is configured.
 * - claimed: a worker is at it, for as long as its lease lasts.
 * - sent: the mail server has taken it.
 * - parked: given up, with the reason, until an operator puts it back.
 */
export const MAIL_STATES = ['waiting', 'claimed', 'sent', 'parked'] as const;

const mailStateSchema = z
  .enum(MAIL_STATES)
  .describe('`waiting` for good where the service has no mail server; `parked`: given up');

/** A mail as the student gets it. */
export const mailSchema = z
  .object({
    id: z.int(),
    subject: z.string(),
    text: z.string(),
    state: mailStateSchema,
    createdAt: atSchema,
    sentAt: atSchema.nullable(),
  })
  .meta({ id: 'Mail' });

/** A mail of the outbox. */
export const outboxMailSchema = z
  .object({
    id: z.int(),
    studentId: z.string(),
    termId: z.string(),
    notices: z.array(
      z.object({
        kind: z.enum(NOTICE_KINDS),
        sectionId: z.string(),
        details: z.object({
          position: z.int().positive().optional().describe('On the waitlist'),
          expiresAt: z.int().positive().optional().describe('Of an offer, ms since the Unix epoch'),
          reason: z.string().optional().describe('Why an operator took the seat away'),
        }),
      }),
    ),
    requestIds: z.array(z.string()).optional().describe('The requests by which it came to be, as the log calls them'),
    state: mailStateSchema,
    attempts: countSchema,
    nextAt: atSchema,
    createdAt: atSchema,
    sentAt: atSchema.nullable(),
    lastError: z.string().nullable(),
  })
  .meta({ id: 'OutboxMail' });

export const outboxPageSchema = z.object({
  mails: z.array(outboxMailSchema).describe('Newest first'),
  next: z.int().nullable().describe('Give it back as `before` for the next page; null at the end'),
  counts: z.record(z.enum(MAIL_STATES), countSchema).describe('Mails in each state, in all'),
});

const pageSchema = z.strictObject({
  state: z.enum(MAIL_STATES).optional().describe('Only mails in this state'),
  before: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('1 to 200, default 50'),
});

const putBackSchema = z
  .strictObject({
    ids: z.array(z.int().positive()).min(1).max(500).optional().describe('Mail ids; all parked mails when absent'),
  })
  .meta({ example: { ids: [1024, 1025] } });

export const mailCalls = {
  myMails: call({
    ...{ method: 'get', path: '/api/outbox', tag: 'outbox', access: 'student' },
    summary: 'My latest mails, newest first, also those that could not be sent',
    answer: z.object({ mails: z.array(mailSchema) }),
  }),
  outbox: call({
    ...{ method: 'get', path: '/api/operator/outbox', tag: 'operator', access: 'operator' },
    summary: 'All mails, newest first, with how many there are in each state',
    query: pageSchema,
    answer: outboxPageSchema,
  }),
  putBackMails: call({
    ...{ method: 'post', path: '/api/operator/outbox/put-back', tag: 'operator', access: 'operator' },
    summary: 'Send parked mails after all: these, or all of them',
    body: putBackSchema,
    answer: z.object({ mails: countSchema }),
  }),
} satisfies Calls;

export type NoticeKind = (typeof NOTICE_KINDS)[number];
export type MailState = (typeof MAIL_STATES)[number];
export type Mail = z.infer<typeof mailSchema>;
export type OutboxMail = z.infer<typeof outboxMailSchema>;
export type MailNotice = OutboxMail['notices'][number];
export type OutboxPage = z.infer<typeof outboxPageSchema>;
