import type { Readable } from 'node:stream';
import type { Database } from '../../database/database';
import { EnrolmentEntity } from '../entities/enrolment.entity';
import { csvStream, type ExportOptions, PAGE_ROWS, pagewise, timeText } from './csv-export';

const COLUMNS = [
  'student_id',
  'student_name',
  'class_year',
  'email',
  'section_id',
  'department',
  'number',
  'section',
  'type',
  'title',
  'credits',
  'source',
  'enrolled_at',
] as const;

type Row = Record<(typeof COLUMNS)[number], string | number | null>;

/**
 * All enrolments of a term as CSV, ordered by student and section, read from the primary.
 *
 * The stream ends with an error when the database does.
 */
export function enrolmentCsv(database: Database, termId: string, options?: ExportOptions): Readable {
  return csvStream(enrolmentRows(database, termId), COLUMNS, options);
}

async function* enrolmentRows(database: Database, termId: string): AsyncGenerator<Row> {
  for await (const row of pagewise<Row>((last) => readPage(database, termId, last))) {
    yield { ...row, credits: Number(row.credits) / 100, enrolled_at: timeText(row.enrolled_at) };
  }
}

function readPage(database: Database, termId: string, last: Row | undefined): Promise<Row[]> {
  const after = { studentId: last?.student_id ?? '', sectionId: last?.section_id ?? '' };
  return database.read((manager) =>
    manager
      .createQueryBuilder(EnrolmentEntity, 'enrolment')
      .innerJoin('section', 'section', 'section.term_id = enrolment.term_id AND section.id = enrolment.section_id')
      .leftJoin('student', 'student', 'student.id = enrolment.student_id')
      .select([])
      .addSelect('enrolment.student_id', 'student_id')
      .addSelect('student.name', 'student_name')
      .addSelect('student.class_year', 'class_year')
      .addSelect('student.email', 'email')
      .addSelect('enrolment.section_id', 'section_id')
      .addSelect('section.department', 'department')
      .addSelect('section.number', 'number')
      .addSelect('section.section', 'section')
      .addSelect('section.type', 'type')
      .addSelect('section.title', 'title')
      .addSelect('section.credits_hundredths', 'credits')
      .addSelect('enrolment.source', 'source')
      .addSelect('enrolment.enrolled_at', 'enrolled_at')
      .where('enrolment.term_id = :termId', { termId })
      .andWhere(
        '(enrolment.student_id > :studentId OR (enrolment.student_id = :studentId AND enrolment.section_id > :sectionId))',
        after,
      )
      .orderBy('enrolment.student_id')
      .addOrderBy('enrolment.section_id')
      .limit(PAGE_ROWS)
      .getRawMany<Row>(),
  );
}
