import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../database/columns';

/** One sign-in, or all of a student's until then, that ended before its time; also the record of who ended it. */
@Entity('sign_in_end')
export class SignInEndEntity {
  @PrimaryColumn({ type: 'varchar', length: 32 })
  id!: string;

  @Column({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  /** Which one (see `signInIdOf`); null = every one that was issued until `endedAt`. */
  @Column({ name: 'sign_in', type: 'varchar', length: 64, nullable: true })
  signIn!: string | null;

  /** By the database's clock, ms since the Unix epoch. */
  @Index('sign_in_end_ended_at')
  @Column(bigintColumn('ended_at'))
  endedAt!: number;

  /** From when nothing that it ended could be valid any more, ms since the Unix epoch. */
  @Index('sign_in_end_forgotten_at')
  @Column(bigintColumn('forgotten_at'))
  forgottenAt!: number;

  /** `student`, or the operator's name. */
  @Column({ name: 'ended_by', type: 'varchar', length: 80 })
  endedBy!: string;

  /** Why, by an operator. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  note!: string | null;
}
