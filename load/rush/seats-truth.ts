import BetterSqlite3 from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { z } from 'zod';
import type { SeatsTruth } from './observation';
import type { ServiceApi } from './service-api';

/** Where the truth is read. */
export type TruthSource =
  | { kind: 'sqlite'; file: string }
  | { kind: 'mysql'; url: string }
  /** Only what anybody may ask: the catalogue's seats left, and each student's own list. */
  | { kind: 'api'; api: ServiceApi };

export interface RushStudents {
  studentIds: readonly string[];
  /** Their sign-ins, in the same order. */
  signIns: readonly string[];
}

const enrolmentRows = z.array(z.object({ student_id: z.string(), section_id: z.string() }));
const sectionRows = z.array(z.object({ id: z.string(), taken: z.coerce.number() }));

const ENROLMENTS = 'SELECT student_id, section_id FROM enrolment WHERE term_id = ?';
const SECTIONS = 'SELECT id, taken FROM section WHERE term_id = ?';

/** Who has which seats in a term, now. */
export async function readSeats(source: TruthSource, termId: string, students: RushStudents): Promise<SeatsTruth> {
  if (source.kind === 'api') return fromApi(source.api, termId, students);
  const [enrolments, sections] = await (source.kind === 'sqlite'
    ? querySqlite(source.file, termId)
    : queryMysql(source.url, termId));
  return fromRows(enrolmentRows.parse(enrolments), sectionRows.parse(sections), students);
}

async function querySqlite(file: string, termId: string): Promise<[unknown, unknown]> {
  const database = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    return [database.prepare(ENROLMENTS).all(termId), database.prepare(SECTIONS).all(termId)];
  } finally {
    database.close();
  }
}

async function queryMysql(url: string, termId: string): Promise<[unknown, unknown]> {
  const connection = await createConnection(url.replace(/^mariadb:/, 'mysql:'));
  try {
    const [enrolments] = await connection.query(ENROLMENTS, [termId]);
    const [sections] = await connection.query(SECTIONS, [termId]);
    return [enrolments, sections];
  } finally {
    await connection.end();
  }
}

function fromRows(
  enrolments: z.infer<typeof enrolmentRows>,
  sections: z.infer<typeof sectionRows>,
  { studentIds }: RushStudents,
): SeatsTruth {
  const ofStudents = new Map(studentIds.map((id) => [id, new Set<string>()]));
  const taken = new Map(sections.map(({ id }) => [id, 0]));
  for (const { student_id: studentId, section_id: sectionId } of enrolments) {
    ofStudents.get(studentId)?.add(sectionId);
    taken.set(sectionId, (taken.get(sectionId) ?? 0) + 1);
  }
  return { enrolments: ofStudents, taken, counted: new Map(sections.map(({ id, taken: count }) => [id, count])) };
}

async function fromApi(api: ServiceApi, termId: string, students: RushStudents): Promise<SeatsTruth> {
  const sections = await api.sections(termId);
  const lists = await api.enrolments(termId, students.signIns);
  const taken = new Map(sections.map(({ id, capacity, left }) => [id, capacity - left]));
  const enrolments = new Map(students.studentIds.map((id, index) => [id, new Set(lists[index])]));
  return { enrolments, taken, counted: taken };
}
