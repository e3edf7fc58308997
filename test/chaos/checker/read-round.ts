import type { EntityManager } from 'typeorm';
import type { Database } from '../../../src/database/database';
import { readEpochs } from '../../../src/trail/trail-reader';
import type { EpochTrail } from '../../../src/trail/verify';
import { waitFor } from '../../../load/support/wait-for';
import type { StudentRecord } from '../../../load/student/record';
import type { AdmissionFact, RoundRecord, SectionFact } from './record';

type DatabaseFacts = Pick<RoundRecord, 'pseudonyms' | 'epochs' | 'admissions' | 'enrolments' | 'sections'>;

/** The trail is written off the hot path: how long to wait for its end, ms. */
const TRAIL_PATIENCE_MS = 6_000;

/** What the database says of a round, once the trail has caught up with what the students know. */
export async function readRound(
  database: Database,
  roomId: string,
  termId: string,
  students: readonly StudentRecord[],
): Promise<DatabaseFacts> {
  await untilTrailIsWhole(database, roomId, students);
  return database.read(async (manager) => ({
    epochs: await readEpochs(manager, roomId),
    admissions: await readAdmissions(manager, roomId),
    enrolments: await readEnrolments(manager, termId),
    sections: await readSections(manager, termId),
    pseudonyms: await readPseudonyms(manager, roomId),
  }));
}

/** Until it has an end for everybody who finished; one that never gets it is the judge's matter. */
async function untilTrailIsWhole(
  database: Database,
  roomId: string,
  students: readonly StudentRecord[],
): Promise<void> {
  const finished = students.filter(({ ending }) => ending?.kind === 'finished').flatMap(({ numbers }) => numbers);
  const isWhole = async (): Promise<boolean> => {
    const epochs = await database.read((manager) => readEpochs(manager, roomId));
    const ended = endedNumbers(epochs);
    return finished.every((number) => ended.has(number));
  };
  await waitFor(isWhole, { timeoutMs: TRAIL_PATIENCE_MS, intervalMs: 250 }).catch(() => undefined);
}

function endedNumbers(epochs: readonly EpochTrail[]): Set<number> {
  const ended = new Set<number>();
  for (const { events } of epochs) for (const event of events) if (event.type === 'ended') ended.add(event.number);
  return ended;
}

type Row = Record<string, string | number | null>;

async function readAdmissions(manager: EntityManager, roomId: string): Promise<AdmissionFact[]> {
  const rows = await manager.query<Row[]>(
    'SELECT number, student_id, admitted_at, expires_at, ended_at FROM admission WHERE room_id = ?',
    [roomId],
  );
  return rows.map((row) => ({
    number: Number(row.number),
    studentId: String(row.student_id),
    admittedAt: Number(row.admitted_at),
    expiresAt: Number(row.expires_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
  }));
}

async function readEnrolments(manager: EntityManager, termId: string): Promise<DatabaseFacts['enrolments']> {
  const rows = await manager.query<Row[]>('SELECT student_id, section_id FROM enrolment WHERE term_id = ?', [termId]);
  return rows.map((row) => ({ studentId: String(row.student_id), sectionId: String(row.section_id) }));
}

async function readSections(manager: EntityManager, termId: string): Promise<SectionFact[]> {
  const rows = await manager.query<Row[]>(
    'SELECT id, capacity, taken, held, overrides FROM section WHERE term_id = ?',
    [termId],
  );
  return rows.map((row) => ({
    id: String(row.id),
    capacity: Number(row.capacity),
    taken: Number(row.taken),
    held: Number(row.held),
    overrides: Number(row.overrides),
  }));
}

/** Student ids begin with the id of their room. */
async function readPseudonyms(manager: EntityManager, roomId: string): Promise<Map<string, string>> {
  const rows = await manager.query<Row[]>('SELECT id, pseudonym FROM student WHERE id LIKE ?', [`${roomId}-%`]);
  return new Map(rows.map((row) => [String(row.id), String(row.pseudonym)]));
}
