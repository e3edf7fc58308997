import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { SectionEntity } from './section.entity';

/** A weekly hour of a section. */
@Entity('meeting')
@ForeignKey(() => SectionEntity, ['termId', 'sectionId'], ['termId', 'id'], { name: 'meeting_section' })
export class MeetingEntity {
  @PrimaryColumn({ name: 'term_id', type: 'varchar', length: 40 })
  termId!: string;

  @PrimaryColumn({ name: 'section_id', type: 'varchar', length: 32 })
  sectionId!: string;

  /** 0, 1, 2 … within the section. */
  @PrimaryColumn({ type: 'int' })
  position!: number;

  /** 1 = Monday to 7 = Sunday. */
  @Column({ type: 'int' })
  day!: number;

  /** Minutes since midnight in the campus's time zone, 0 to 1,439. */
  @Column({ name: 'start_minute', type: 'int' })
  startMinute!: number;

  /** Minutes since midnight, after the start, up to 1,440. */
  @Column({ name: 'end_minute', type: 'int' })
  endMinute!: number;

  @Column({ type: 'varchar', length: 100 })
  location!: string;

  /** The first day of a part of the term, `2025-09-04`; null: from the beginning. */
  @Column({ name: 'first_day', type: 'varchar', length: 10, nullable: true })
  firstDay!: string | null;

  /** The last one; null: to the end. */
  @Column({ name: 'last_day', type: 'varchar', length: 10, nullable: true })
  lastDay!: string | null;

  /** Of the halves of a term without dates, 1 or 2; null: both. */
  @Column({ type: 'int', nullable: true })
  half!: number | null;
}
