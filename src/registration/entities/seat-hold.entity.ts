import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';
import type { HoldReason } from '../seats/seat-state';

/**
 * One held seat: a section's `held` is the number of its rows. The seat ledger makes and ends them, under the section's
 * lock. An import makes them too, under the same lock: seats that it adds where students wait are held as `release`, due at
 * once, and the ledger gives them out.
 */
@Entity('seat_hold')
@Index('seat_hold_by_section', ['termId', 'sectionId'])
@Index('seat_hold_by_time', ['dueAt'])
export class SeatHoldEntity {
  /** Random. */
  @PrimaryColumn({ type: 'varchar', length: 22 })
  id!: string;

  @Column({ name: 'section_id', type: 'varchar', length: 32 })
  sectionId!: string;

  @Column({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @Column({ type: 'varchar', length: 16 })
  reason!: HoldReason;

  @Column({ name: 'student_id', type: 'varchar', length: 64, nullable: true })
  studentId!: string | null;

  /** From when on a sweep looks after it, ms since the Unix epoch by the database's clock. */
  @Column(bigintColumn('due_at'))
  dueAt!: number;

  /** Until when the sweep of some pod is at it; 0 = none. */
  @Column(bigintColumn('claimed_until'))
  claimedUntil!: number;
}
