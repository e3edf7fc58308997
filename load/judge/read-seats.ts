import { createConnection } from 'mysql2/promise';
import { z } from 'zod';
import { groupBy } from '../../src/common/collections';
import { placeOf } from '../../src/database/mysql-pool';
import { Sqlite } from '../../src/database/sqlite-driver';
import type { ServiceApi } from '../support/service-api';
import type { SeatsTruth } from './record';

/** Where the truth is read. */
export type TruthSource =
  | { kind: 'sqlite'; file: string }
  | { kind: 'mysql'; url: string }
  /** Only what anybody may ask: the catalogue's seats left, and each student's own lists. */
  | { kind: 'api'; api: ServiceApi };

export interface SignedInStudents {
  studentIds: readonly string[];
  /** Their sign-ins, in the same order. */
  signIns: readonly string[];
}

const count = z.coerce.number();

const rowsSchema = z.object({
  enrolments: z.array(z.object({ student_id: z.string(), section_id: z.string() })),
  sections: z.array(z.object({ id: z.string(), taken: count, seats_left: count })),
  entries: z.array(
    z.object({
      section_id: z.string(),
      number: count,
      student_id: z.string(),
      state: z.enum(['waiting', 'enrolled']),
      ended_at: count.nullable(),
    }),
  ),
});

export type SeatRows = z.infer<typeof rowsSchema>;

const QUERIES = {
  enrolments: 'SELECT student_id, section_id FROM enrolment WHERE term_id = ?',
  sections: 'SELECT id, taken, capacity + overrides - taken - held AS seats_left FROM section WHERE term_id = ?',
  entries: `SELECT section_id, number, student_id, state, ended_at FROM waitlist_entry
    WHERE term_id = ? AND state IN ('waiting', 'enrolled') ORDER BY section_id, number`,
} as const satisfies Record<keyof SeatRows, string>;

/** Who has which seats in a term and who waits for some, now: all of the same moment where a database is read. */
export async function readSeats(source: TruthSource, termId: string, students: SignedInStudents): Promise<SeatsTruth> {
  if (source.kind === 'api') return fromApi(source.api, termId, students);
  const rows = await (source.kind === 'sqlite' ? querySqlite(source.file, termId) : queryMysql(source.url, termId));
  return truthOf(rowsSchema.parse(rows), students.studentIds);
}

function querySqlite(file: string, termId: string): Promise<Record<string, unknown>> {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    const read = database.transaction(() => {
      return Object.fromEntries(
        Object.entries(QUERIES).map(([name, sql]) => [name, database.prepare(sql).all(termId)]),
      );
    });
    return Promise.resolve(read());
  } finally {
    database.close();
  }
}

async function queryMysql(url: string, termId: string): Promise<Record<string, unknown>> {
  const connection = await createConnection(placeOf(url));
  try {
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const rows: Record<string, unknown> = {};
    for (const [name, sql] of Object.entries(QUERIES)) [rows[name]] = await connection.query(sql, [termId]);
    return rows;
  } finally {
    await connection.end();
  }
}

/** What the rows say, as far as students of ours are concerned. */
export function truthOf({ enrolments, sections, entries }: SeatRows, studentIds: readonly string[]): SeatsTruth {
  const ofStudents = new Map(studentIds.map((id) => [id, new Set<string>()]));
  const doubled: { studentId: string; sectionId: string }[] = [];
  const taken = new Map(sections.map(({ id }) => [id, 0]));
  for (const { student_id: studentId, section_id: sectionId } of enrolments) {
    const own = ofStudents.get(studentId);
    if (own?.has(sectionId)) doubled.push({ studentId, sectionId });
    own?.add(sectionId);
    taken.set(sectionId, (taken.get(sectionId) ?? 0) + 1);
  }
  const places = entries.map((entry) => ({
    ...{ sectionId: entry.section_id, studentId: entry.student_id, state: entry.state },
    ...{ place: entry.number, at: entry.ended_at ?? 0 },
  }));
  return {
    enrolments: ofStudents,
    doubled,
    taken,
    counted: new Map(sections.map((section) => [section.id, section.taken])),
    left: new Map(sections.map(({ id, seats_left: left }) => [id, left])),
    waits: bySection(places.filter(({ state }) => state === 'waiting')),
    served: bySection(places.filter(({ state }) => state === 'enrolled')),
  };
}

async function fromApi(api: ServiceApi, termId: string, students: SignedInStudents): Promise<SeatsTruth> {
  const { studentIds, signIns } = students;
  const sections = await api.sections(termId);
  const lists = await api.enrolments(termId, signIns);
  const turns = await api.waitlists(termId, signIns);
  const taken = new Map(sections.map(({ id, capacity, left }) => [id, capacity - left]));
  const waits = studentIds.flatMap((studentId, index) => (turns[index] ?? []).map((turn) => ({ studentId, ...turn })));
  return {
    enrolments: new Map(studentIds.map((id, index) => [id, new Set(lists[index])])),
    doubled: studentIds.flatMap((studentId, index) =>
      repeated(lists[index] ?? []).map((id) => ({ studentId, sectionId: id })),
    ),
    taken,
    counted: taken,
    left: new Map(sections.map(({ id, left }) => [id, left])),
    waits: bySection(waits),
  };
}

const repeated = (ids: readonly string[]): string[] => ids.filter((id, index) => ids.indexOf(id) < index);

const bySection = <T extends { sectionId: string }>(turns: readonly T[]): Map<string, T[]> =>
  groupBy(turns, ({ sectionId }) => sectionId);
