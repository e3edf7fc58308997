import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SeatActKind } from '../../contract/operate/seats';
import { bigintColumn } from '../../database/columns';

/** What an operator did to seats, written in the transaction that did it; never changed. */
@Entity('seat_act')
@Index('seat_act_by_section', ['termId', 'sectionId'])
export class SeatActEntity {
  /** Random. */
  @PrimaryColumn({ type: 'varchar', length: 22 })
  id!: string;

  @Column({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @Column({ name: 'section_id', type: 'varchar', length: 32, nullable: true })
  sectionId!: string | null;

  @Column({ name: 'student_id', type: 'varchar', length: 64, nullable: true })
  studentId!: string | null;

  @Column({ type: 'varchar', length: 16 })
  act!: SeatActKind;

  /** Who. */
  @Column({ type: 'varchar', length: 64 })
  operator!: string;

  /** Why, in the operator's words. */
  @Column({ type: 'varchar', length: 200 })
  note!: string;

  /** What exactly, as JSON. */
  @Column({ type: 'text' })
  details!: string;

  /** ms since the Unix epoch, by the database's clock. */
  @Column(bigintColumn('done_at'))
  doneAt!: number;
}
