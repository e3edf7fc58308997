import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What is taught: a department and a number. Its sections are what one enrols in. */
@Entity('course')
@Index('course_code', ['termId', 'department', 'number'], { unique: true })
export class CourseEntity {
  /** `<term>:<department>:<number>` */
  @PrimaryColumn({ type: 'varchar', length: 80 })
  id!: string;

  @Column({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @Column({ type: 'varchar', length: 16 })
  department!: string;

  @Column({ type: 'varchar', length: 16 })
  number!: string;
}
