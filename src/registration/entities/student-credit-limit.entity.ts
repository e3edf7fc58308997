import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';

/** The credit limit of one student in one term, in place of that of the term or the class year. */
@Entity('student_credit_limit')
export class StudentCreditLimitEntity {
  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @PrimaryColumn({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @Column({ name: 'limit_hundredths', type: 'int' })
  limitHundredths!: number;

  /** Who set it. */
  @Column({ type: 'varchar', length: 64 })
  operator!: string;

  /** Why, in the operator's words; '' for a limit that came with a file. */
  @Column({ type: 'varchar', length: 200 })
  note!: string;

  /** ms since the Unix epoch, by the database's clock. */
  @Column(bigintColumn('set_at'))
  setAt!: number;
}
