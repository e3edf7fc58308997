import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../database/columns';

/**
 * Who has ever signed in. The only place where a person stands beside the pseudonym that the trail knows: deleting the
 * row makes the trail anonymous.
 */
@Entity('student')
export class StudentEntity {
  /** As the university writes it; upper and lower case differ. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string;

  /** Random, made once. */
  @Index('student_pseudonym', { unique: true })
  @Column({ type: 'varchar', length: 32 })
  pseudonym!: string;

  @Column({ type: 'varchar', length: 200 })
  name!: string;

  @Column({ type: 'varchar', length: 320, nullable: true })
  email!: string | null;

  @Column({ name: 'class_year', type: 'varchar', length: 16, nullable: true })
  classYear!: string | null;

  /** `ko` or `en`: for e-mails. */
  @Column({ type: 'varchar', length: 8 })
  language!: string;

  /** Of the first sign-in, ms since the Unix epoch. */
  @Column(bigintColumn('created_at'))
  createdAt!: number;
}
