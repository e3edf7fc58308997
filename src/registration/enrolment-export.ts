import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { Database } from '../database/database';
import { EnrolmentEntity } from './entities/enrolment.entity';

/** Rows that are read, and kept in memory, at a time. */
const PAGE_ROWS = 1_000;

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

interface ExportOptions {
  /** Begin with a byte order mark, without which spreadsheet programs take UTF-8 for something else. */
  bom?: boolean;
}

/**
 * All enrolments of a term as CSV (RFC 4180), ordered by student and section. Texts that a spreadsheet would take for a
 * formula get a `'` in front. Read page by page from the primary: each page is the latest committed state, and a student
 * who changes something meanwhile may be in it as before or as after.
 *
 * The stream ends with an error when the database does.
 */
export function enrolmentCsv(database: Database, termId: string, { bom = false }: ExportOptions = {}): Readable {
  const rows = Readable.from(enrolmentRows(database, termId));
  const csv = stringify({
    header: true,
    columns: [...COLUMNS],
    escape_formulas: true,
    record_delimiter: 'windows',
    bom,
  });
  rows.once('error', (error) => csv.destroy(error));
  csv.once('close', () => rows.destroy());
  return rows.pipe(csv);
}

async function* enrolmentRows(database: Database, termId: string): AsyncGenerator<Row> {
  let after = { studentId: '', sectionId: '' };
  for (;;) {
    const page = await readPage(database, termId, after);
    for (const row of page)
      yield { ...row, credits: Number(row.credits) / 100, enrolled_at: timeText(row.enrolled_at) };
    const last = page.at(-1);
    if (!last || page.length < PAGE_ROWS) return;
    after = { studentId: String(last.student_id), sectionId: String(last.section_id) };
  }
}

function readPage(
  database: Database,
  termId: string,
  { studentId, sectionId }: { studentId: string; sectionId: string },
): Promise<Row[]> {
  return database.read((manager) =>
    manager
      .createQueryBuilder(EnrolmentEntity, 'enrolment')
      .innerJoin('section', 'section', 'section.id = enrolment.section_id')
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
        { studentId, sectionId },
      )
      .orderBy('enrolment.student_id')
      .addOrderBy('enrolment.section_id')
      .limit(PAGE_ROWS)
      .getRawMany<Row>(),
  );
}

const timeText = (milliseconds: string | number | null): string => new Date(Number(milliseconds)).toISOString();
