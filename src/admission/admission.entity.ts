import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../database/columns';
import type { EndReason } from '../line/ticket';

/** One admission: the lease of one student to be inside. What seat commits check, under the student's lock. */
@Entity('admission')
export class AdmissionEntity {
  /** Derived from room and ticket number, so that every pod gives the same token. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  jti!: string;

  @Column({ name: 'room_id', type: 'varchar', length: 40 })
  roomId!: string;

  @Column(bigintColumn('number'))
  number!: number;

  @Column({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @Column({ type: 'int' })
  epoch!: number;

  /** Feed sequence of the admission. */
  @Column(bigintColumn('sequence'))
  sequence!: number;

  /** Store time, ms. */
  @Column(bigintColumn('admitted_at'))
  admittedAt!: number;

  @Column(bigintColumn('expires_at'))
  expiresAt!: number;

  @Column(bigintColumn('ended_at', { nullable: true }))
  endedAt!: number | null;

  @Column({ name: 'end_reason', type: 'varchar', length: 16, nullable: true })
  endReason!: EndReason | null;
}
