import type { Readable } from 'node:stream';
import type { Database } from '../../database/database';
import { WaitlistEntryEntity } from '../entities/waitlist-entry.entity';
import { csvStream, type CsvRow, type ExportOptions, PAGE_ROWS, pagewise, timeText } from './csv-export';

const COLUMNS = [
  'section_id',
  'department',
  'number',
  'section',
  'type',
  'title',
  'position',
  'state',
  'student_id',
  'student_name',
  'class_year',
  'email',
  'joined_at',
  'offer_expires_at',
  'ended_at',
] as const;

type Column = Exclude<(typeof COLUMNS)[number], 'position'>;

/** `entry`: which number of its section it is. */
type Row = Record<Column | 'entry', string | number | null>;

/**
 * All waitlist entries of a term as CSV, those that ended too, by section and in the order in which they were joined; read
 * from the primary. Only who waits has a position (1 = next).
 *
 * The stream ends with an error when the database does.
 */
export function waitlistCsv(database: Database, termId: string, options?: ExportOptions): Readable {
  return csvStream(waitlistRows(database, termId), COLUMNS, options);
}

async function* waitlistRows(database: Database, termId: string): AsyncGenerator<CsvRow> {
  let ahead = 0;
  let section: Row['section_id'] = null;
  for await (const { entry: _, ...row } of pagewise<Row>((last) => readPage(database, termId, last))) {
    if (row.section_id !== section) ahead = 0;
    section = row.section_id;
    if (row.state === 'waiting') ahead += 1;
    yield {
      ...row,
      position: row.state === 'waiting' ? ahead : null,
      joined_at: timeText(row.joined_at),
      offer_expires_at: timeText(row.offer_expires_at),
      ended_at: timeText(row.ended_at),
    };
  }
}

function readPage(database: Database, termId: string, last: Row | undefined): Promise<Row[]> {
  const after = { sectionId: last?.section_id ?? '', entry: last?.entry ?? 0 };
  return database.read((manager) =>
    manager
      .createQueryBuilder(WaitlistEntryEntity, 'entry')
      .innerJoin('section', 'section', 'section.term_id = entry.term_id AND section.id = entry.section_id')
      .leftJoin('student', 'student', 'student.id = entry.student_id')
      .select([])
      .addSelect('entry.section_id', 'section_id')
      .addSelect('section.department', 'department')
      .addSelect('section.number', 'number')
      .addSelect('section.section', 'section')
      .addSelect('section.type', 'type')
      .addSelect('section.title', 'title')
      .addSelect('entry.number', 'entry')
      .addSelect('entry.state', 'state')
      .addSelect('entry.student_id', 'student_id')
      .addSelect('student.name', 'student_name')
      .addSelect('student.class_year', 'class_year')
      .addSelect('student.email', 'email')
      .addSelect('entry.joined_at', 'joined_at')
      .addSelect('entry.offer_expires_at', 'offer_expires_at')
      .addSelect('entry.ended_at', 'ended_at')
      .where('entry.term_id = :termId', { termId })
      .andWhere('(entry.section_id > :sectionId OR (entry.section_id = :sectionId AND entry.number > :entry))', after)
      .orderBy('entry.section_id')
      .addOrderBy('entry.number')
      .limit(PAGE_ROWS)
      .getRawMany<Row>(),
  );
}
