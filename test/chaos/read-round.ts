import type { EntityManager } from 'typeorm';
import { readSeats } from '../../load/judge/read-seats';
import type { AdmissionFact, LineFacts, RunRecord } from '../../load/judge/record';
import { settle } from '../../load/judge/settlement';
import type { StudentRecord } from '../../load/student/record';
import { becomesSo } from '../../load/support/wait-for';
import type { Database } from '../../src/database/database';
import { readEpochs } from '../../src/trail/trail-reader';
import type { EpochTrail } from '../../src/trail/verify';
import type { OpenedRound } from './open-round';
import type { World } from './world/world';

/** How long a freed seat may take until it is there for everybody, ms. */
const SETTLE_MS = 10_000;
/** The trail is written off the hot path: how long to wait for its end, ms. */
const TRAIL_PATIENCE_MS = 6_000;

/** What students and database say of a round, once the trail has caught up with what the students know. */
export async function readRound(
  world: World,
  { swarm, roomId, termId, policy, sections }: OpenedRound,
): Promise<RunRecord & { line: LineFacts }> {
  const { direct, database } = world;
  const students = swarm.records;
  await untilTrailIsWhole(direct, roomId, students);
  const line = await direct.read(async (manager) => ({
    policy,
    epochs: await readEpochs(manager, roomId),
    admissions: await readAdmissions(manager, roomId),
    pseudonyms: await readPseudonyms(manager, roomId),
  }));
  const ids = { studentIds: students.map(({ studentId }) => studentId), signIns: [] };
  const readSeatsNow = async (): Promise<RunRecord> => {
    return { students, sections, truth: await readSeats({ kind: 'mysql', url: database.url }, termId, ids) };
  };
  return { ...(await settle(readSeatsNow, SETTLE_MS)), line };
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
  await becomesSo(isWhole, { timeoutMs: TRAIL_PATIENCE_MS, intervalMs: 250 });
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

/** Student ids begin with the id of their room. */
async function readPseudonyms(manager: EntityManager, roomId: string): Promise<Map<string, string>> {
  const rows = await manager.query<Row[]>('SELECT id, pseudonym FROM student WHERE id LIKE ?', [`${roomId}-%`]);
  return new Map(rows.map((row) => [String(row.id), String(row.pseudonym)]));
}
