import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/columns';

/**
 * The sections that a student means to commit in a term, the same on all devices. It grants nothing. One row, so that one
 * statement replaces it if nobody else has; and without a foreign key, which would lock the rows of hot sections.
 */
@Entity('cart')
@Index('cart_by_term', ['termId'])
export class CartEntity {
  @PrimaryColumn({ name: 'student_id', type: 'varchar', length: 64 })
  studentId!: string;

  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  /** One more with every change; from 1. */
  @Column({ type: 'int' })
  version!: number;

  /** In order of preference, as a JSON array. */
  @Column({ name: 'section_ids', type: 'text' })
  sectionIds!: string;

  /** ms since the Unix epoch. */
  @Column(bigintColumn('changed_at'))
  changedAt!: number;
}
