import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';

/** The seats of this term stand still, by an operator's will. The row goes when they may change again. */
@Entity('seat_stop')
export class SeatStopEntity {
  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  /** Why, in the operator's words; students read it. */
  @Column({ type: 'varchar', length: 200 })
  reason!: string;

  /** Who. */
  @Column({ type: 'varchar', length: 64 })
  operator!: string;

  /** ms since the Unix epoch, by the database's clock. */
  @Column(bigintColumn('stopped_at'))
  stoppedAt!: number;
}
