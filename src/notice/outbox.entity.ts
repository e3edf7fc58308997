import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { z } from 'zod';
import { bigintColumn, bigintKey } from '../database/columns';
import { NOTICE_KINDS, type MailState, type OutboxMail } from '../contract/mails';

/** One mail: what one transaction has to say to one student about one term, written in that very transaction. */
@Entity('outbox')
@Index('outbox_next', ['state', 'nextAt'])
@Index('outbox_student', ['studentId'])
export class OutboxEntity {
  /** Counts up by itself. */
  @PrimaryColumn(bigintKey('id'))
  id!: number;

  @Column({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @Column({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  /** What happened, in order: MailNotice[] as JSON. */
  @Column({ type: 'text' })
  notices!: string;

  /** The requests by which it came to be, by blanks: by them it is found in the logs. */
  @Column({ name: 'request_ids', type: 'text', nullable: true })
  requestIds!: string | null;

  /** MailState */
  @Column({ type: 'varchar', length: 16 })
  state!: string;

  /** How often a worker has claimed the mail. */
  @Column({ type: 'int' })
  attempts!: number;

  /** When a worker may claim it next: while it is claimed, the end of the lease. Ms since the Unix epoch. */
  @Column(bigintColumn('next_at'))
  nextAt!: number;

  /** The worker that has the lease. */
  @Column({ name: 'claimed_by', type: 'varchar', length: 22, nullable: true })
  claimedBy!: string | null;

  /** ms since the Unix epoch. */
  @Column(bigintColumn('created_at'))
  createdAt!: number;

  /** When the mail server had taken it, ms since the Unix epoch. */
  @Column(bigintColumn('sent_at', { nullable: true }))
  sentAt!: number | null;

  /** Why it was not sent the last time, without any address. */
  @Column({ name: 'last_error', type: 'varchar', length: 300, nullable: true })
  lastError!: string | null;
}

/** The part of a notice's details that mails show; whatever else is there, or is not as expected, is left out. */
const detailsSchema = z.object({
  position: z.int().positive().optional().catch(undefined),
  expiresAt: z.int().positive().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
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
