import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';
import type { WaitlistState } from '../seats/waitlist-state';
import { SectionEntity } from './section.entity';

/** A student's turn on the waitlist of a section. Only the seat ledger changes it, under the section's lock. */
@Entity('waitlist_entry')
@Index('waitlist_entry_once', ['studentId', 'termId', 'sectionId', 'open'], { unique: true })
@Index('waitlist_entry_order', ['termId', 'sectionId', 'state', 'number'])
@ForeignKey(() => SectionEntity, ['termId', 'sectionId'], ['termId', 'id'], { name: 'waitlist_entry_section' })
export class WaitlistEntryEntity {
  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @PrimaryColumn({ name: 'section_id', type: 'varchar', length: 32 })
  sectionId!: string;

  /** Rises within the section, and is the order in which seats are given. */
  @PrimaryColumn({ type: 'int' })
  number!: number;

  @Column({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @Column({ type: 'varchar', length: 16 })
  state!: WaitlistState;

  /** 1 while it is waiting or offered, then null: a student has at most one open entry in a section. */
  @Column({ type: 'int', nullable: true })
  open!: number | null;

  /** ms since the Unix epoch, by the database's clock, like the two below. */
  @Column(bigintColumn('joined_at'))
  joinedAt!: number;

  /** Until when an offer can be accepted. */
  @Column(bigintColumn('offer_expires_at', { nullable: true }))
  offerExpiresAt!: number | null;

  @Column(bigintColumn('ended_at', { nullable: true }))
  endedAt!: number | null;
}
