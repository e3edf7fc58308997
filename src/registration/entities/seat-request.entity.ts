import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';

/**
 * What a student's request was answered, so that the same request asked again gets the same answer. A request that was
 * refused in all its parts has no row.
 */
@Entity('seat_request')
@Index('seat_request_by_time', ['answeredAt'])
export class SeatRequestEntity {
  @PrimaryColumn({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  /** The key that the client chose. */
  @PrimaryColumn({ name: 'request_key', type: 'varchar', length: 64 })
  requestKey!: string;

  /** SHA-256 (base64url) of what was asked. */
  @Column({ name: 'request_hash', type: 'varchar', length: 64 })
  requestHash!: string;

  /** The outcomes per section, as JSON. */
  @Column({ type: 'text' })
  answer!: string;

  /** ms since the Unix epoch. */
  @Column(bigintColumn('answered_at'))
  answeredAt!: number;
}
