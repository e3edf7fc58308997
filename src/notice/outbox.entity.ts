import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn, bigintKey } from '../database/columns';

/**
 * One thing to tell a student, written in the transaction that made it true. What one transaction has to say to one
 * student about one term goes out as one mail: its rows share `mail_id` and change state together, and the row at
 * position 0 is the one that workers claim.
 */
@Entity('outbox')
@Index('outbox_next', ['position', 'state', 'nextAt'])
@Index('outbox_mail', ['mailId'])
@Index('outbox_student', ['studentId'])
export class OutboxEntity {
  /** Counts up by itself. */
  @PrimaryColumn(bigintKey('id'))
  id!: number;

  /** Random; also the local part of the mail's Message-ID, so that a mail sent twice can be told from two mails. */
  @Column({ name: 'mail_id', type: 'varchar', length: 22 })
  mailId!: string;

  /** Of the row in its mail, from 0. */
  @Column({ type: 'int' })
  position!: number;

  @Column({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @Column({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  /** NoticeKind */
  @Column({ type: 'varchar', length: 16 })
  kind!: string;

  @Column({ name: 'section_id', type: 'varchar', length: 32 })
  sectionId!: string;

  /** As JSON. */
  @Column({ type: 'text' })
  details!: string;

  /** OutboxState */
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
