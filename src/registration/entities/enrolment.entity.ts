import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';
import type { EnrolmentSource } from '../seats/seat-state';
import { SectionEntity } from './section.entity';

/** A student has a seat in a section. The row goes when the seat is given back. */
@Entity('enrolment')
@Index('enrolment_by_section', ['termId', 'sectionId'])
@ForeignKey(() => SectionEntity, ['termId', 'sectionId'], ['termId', 'id'], { name: 'enrolment_section' })
export class EnrolmentEntity {
  @PrimaryColumn({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @PrimaryColumn({ name: 'section_id', type: 'varchar', length: 32 })
  sectionId!: string;

  /** ms since the Unix epoch, by the database's clock. */
  @Column(bigintColumn('enrolled_at'))
  enrolledAt!: number;

  @Column({ type: 'varchar', length: 16 })
  source!: EnrolmentSource;

  /** The admission it was committed under, if it needed one. */
  @Column({ name: 'admission_jti', type: 'varchar', length: 64, nullable: true })
  admissionJti!: string | null;
}
