import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CourseEntity } from './course.entity';

/**
 * One class one can enrol in, and its seats. Only the seat ledger changes the seats, under the row's lock:
 * `taken + held <= capacity + overrides`, always.
 */
@Entity('section')
@Index('section_by_course', ['courseId'])
@Index('section_by_term', ['termId', 'department'])
@Check('section_seats', 'taken + held <= capacity + overrides')
@Check('section_counts', 'taken >= 0 AND held >= 0 AND capacity >= 0 AND overrides >= 0')
export class SectionEntity {
  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  /** As the university numbers it, anew in each term. */
  @PrimaryColumn({ type: 'varchar', length: 32 })
  id!: string;

  @ForeignKey(() => CourseEntity, { name: 'section_course' })
  @Column({ name: 'course_id', type: 'varchar', length: 80 })
  courseId!: string;

  @Column({ type: 'varchar', length: 16 })
  department!: string;

  @Column({ type: 'varchar', length: 16 })
  number!: string;

  /** The letter that tells the sections of a course apart; '' for an only one. */
  @Column({ type: 'varchar', length: 16 })
  section!: string;

  /** Lecture, lab and so on, in the university's words. One may take one section of a course and type. */
  @Column({ type: 'varchar', length: 24 })
  type!: string;

  @Column({ type: 'varchar', length: 200 })
  title!: string;

  /** Names, separated by `;`. */
  @Column({ type: 'varchar', length: 500 })
  instructors!: string;

  @Column({ name: 'credits_hundredths', type: 'int' })
  creditsHundredths!: number;

  @Column({ type: 'text' })
  prerequisites!: string;

  @Column({ type: 'text' })
  notes!: string;

  /** What it is found by, made by `sectionSearchText`. */
  @Column({ name: 'search_text', type: 'text' })
  searchText!: string;

  /** Seats for each class year as JSON `{"firstyear":8}`, or null; not enforced unless the term says so. */
  @Column({ name: 'class_year_limits', type: 'text', nullable: true })
  classYearLimits!: string | null;

  /** Seats that can be enrolled in; 0 = closed, by override only. */
  @Column({ type: 'int' })
  capacity!: number;

  /** Seats that belong to an enrolment. */
  @Column({ type: 'int' })
  taken!: number;

  /** Seats given back and kept for the head of the waitlist, or until the release policy frees them. */
  @Column({ type: 'int' })
  held!: number;

  /** Seats in use beyond the capacity, by an operator's will; a seat that is given back ends one of them first. */
  @Column({ type: 'int' })
  overrides!: number;

  /** Students who wait for a seat; those who were offered one do not count. */
  @Column({ type: 'int', default: 0 })
  waiting!: number;

  /** The last number that was given out on the waitlist. */
  @Column({ name: 'waitlist_number', type: 'int', default: 0 })
  waitlistNumber!: number;

  /** What holds for this section only, as JSON of `SeatPolicy`; null = what holds for the term. */
  @Column({ type: 'text', nullable: true })
  policy!: string | null;

  /** One more with every change of the seats. */
  @Column({ type: 'int' })
  version!: number;

  /** One more with every change of what the rules look at: course, type, credits, meetings. */
  @Column({ type: 'int' })
  revision!: number;
}
