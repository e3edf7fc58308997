import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupBy } from '../../../common/collections';
import type { Database, ReadOptions } from '../../../database/database';
import { seatsLeft } from '../../seats/rules';
import type { SeatCount } from './seat-counts';
import type { IndexedMeeting, IndexedSection } from './term-index';

/** Sections in one statement: a few ms of the thread where SQLite runs on it. */
const SECTIONS_AT_ONCE = 250;
const COUNTS_AT_ONCE = 1_000;

/**
 * All sections of a term, in no order, from the primary: the catalogue is read anew only when it has changed, and then by
 * a revision that a replica may not have yet.
 *
 * @throws DomainError `database_unavailable`
 */
export async function readSections(database: Database, termId: string): Promise<IndexedSection[]> {
  const sections: IndexedSection[] = [];
  const chunks = inChunks(database, { termId, size: SECTIONS_AT_ONCE }, SECTION_COLUMNS);
  for await (const rows of chunks as AsyncIterable<Omit<IndexedSection, 'meetings'>[]>) {
    const meetings = groupBy(await readMeetings(database, termId, rows), ({ sectionId }) => sectionId);
    sections.push(...rows.map((row) => ({ ...row, meetings: meetings.get(row.id) ?? [] })));
  }
  return sections;
}

/** The seats of all sections of a term, as some committed state has them. @throws DomainError `database_unavailable` */
export async function* readCounts(database: Database, termId: string): AsyncIterable<({ id: string } & SeatCount)[]> {
  const asked = { termId, size: COUNTS_AT_ONCE, from: 'replica' } as const;
  const chunks = inChunks(database, asked, 'id, capacity, taken, held, overrides, waiting, version');
  type Row = { id: string; taken: number; held: number; overrides: number } & Omit<SeatCount, 'left'>;
  for await (const rows of chunks as AsyncIterable<Row[]>) {
    yield rows.map((row) => ({
      ...{ id: row.id, capacity: row.capacity, waiting: row.waiting, version: row.version },
      left: seatsLeft(row),
    }));
  }
}

const SECTION_COLUMNS = `id, term_id AS termId, course_id AS courseId, department, number, section, type, title,
  instructors, credits_hundredths AS creditsHundredths, prerequisites, notes`;

/** Rows of sections in the order of their ids, a turn of the event loop between two chunks. */
async function* inChunks(
  database: Database,
  { termId, size, ...options }: { termId: string; size: number } & ReadOptions,
  columns: string,
): AsyncIterable<{ id: string }[]> {
  const sql = `SELECT ${columns} FROM section WHERE term_id = ? AND id > ? ORDER BY id LIMIT ${size}`;
  let after: string | undefined = '';
  while (after !== undefined) {
    const from: string = after;
    const rows = await database.read((manager) => manager.query<{ id: string }[]>(sql, [termId, from]), options);
    if (rows.length > 0) yield rows;
    after = rows.length < size ? undefined : rows.at(-1)?.id;
    await nextTurn();
  }
}

async function readMeetings(
  database: Database,
  termId: string,
  sections: readonly { id: string }[],
): Promise<({ sectionId: string } & IndexedMeeting)[]> {
  const sql = `SELECT section_id AS sectionId, day, start_minute AS startMinute, end_minute AS endMinute, location,
                      first_day AS firstDay, last_day AS lastDay, half
               FROM meeting WHERE term_id = ? AND section_id >= ? AND section_id <= ? ORDER BY section_id, position`;
  return database.read((manager) => manager.query(sql, [termId, sections[0]?.id, sections.at(-1)?.id]));
}
