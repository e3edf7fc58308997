import type { EntityManager } from 'typeorm';
import type { SeatRequest } from '../../../../src/registration/seats/seat-request';
import { inShort } from '../support';
import type { Journal, JournalBatch } from './journal';
import { type ModelSection, Oracle } from './oracle';
import type { ClientRecord } from './pods';

/** One text for each way in which what happened is not what one clerk, one request after another, would have done. */
export async function judge(
  manager: EntityManager,
  sections: readonly ModelSection[],
  journal: Journal,
  records: readonly ClientRecord[],
): Promise<string[]> {
  const batches = await journal.committed(manager);
  const oracle = new Oracle(sections);
  const problems = batches.flatMap((batch) => judgeBatch(oracle, batch));
  const order = orderOf(batches);
  return [
    ...problems,
    ...oracle.objections,
    ...records.flatMap((record) => judgeAnswer(oracle, record)),
    ...judgeTime(records, order),
    ...(await judgeDatabase(manager, oracle)),
  ];
}

function judgeBatch(oracle: Oracle, { ticket, now, requests, answers, promotions }: JournalBatch): string[] {
  return requests.flatMap((request, index) => {
    const answer = answers[index];
    const actual = answer && 'outcomes' in answer ? inShort(answer.outcomes) : [answer?.refusal.code];
    const expected = oracle.answer(request, now, promotions.get(request.idempotencyKey));
    if (JSON.stringify(actual) === JSON.stringify(expected)) return [];
    return [`batch ${ticket}: ${nameOf(request)} was answered ${actual.join()}, and not ${expected.join()}`];
  });
}

function judgeAnswer(oracle: Oracle, { request, outcomes }: ClientRecord): string[] {
  if (outcomes[0] === 'request_mismatch') return [];
  if (oracle.hasTold(`${request.studentId} ${request.idempotencyKey}`, outcomes)) return [];
  return [`${nameOf(request)} was told ${outcomes.join()}, and never decided so`];
}

/** Whoever asked after another was answered comes after it. */
function judgeTime(records: readonly ClientRecord[], order: Map<string, number>): string[] {
  return records.flatMap((later) =>
    records.flatMap((earlier) => {
      const [first, second] = [order.get(keyOf(earlier.request)), order.get(keyOf(later.request))];
      if (earlier.answeredAt >= later.sentAt || first === undefined || second === undefined) return [];
      const repeated = keyOf(earlier.request) === keyOf(later.request) || isRepeat(later, records);
      return repeated || first < second ? [] : [`${nameOf(later.request)} came before ${nameOf(earlier.request)}`];
    }),
  );
}

/** A repeat is answered by what was decided the first time. */
const isRepeat = (record: ClientRecord, records: readonly ClientRecord[]): boolean =>
  records.some((other) => keyOf(other.request) === keyOf(record.request) && other.sentAt < record.sentAt);

function orderOf(batches: readonly JournalBatch[]): Map<string, number> {
  const order = new Map<string, number>();
  for (const request of batches.flatMap(({ requests }) => [...requests])) {
    if (!order.has(keyOf(request))) order.set(keyOf(request), order.size);
  }
  return order;
}

const keyOf = ({ studentId, idempotencyKey }: SeatRequest): string => `${studentId} ${idempotencyKey}`;

const nameOf = ({ kind, studentId, sectionIds }: SeatRequest): string => `${kind} ${studentId} ${sectionIds.join()}`;

interface Found {
  counts: unknown;
  students: string[];
  list: string[];
  kept: string[];
}

async function judgeDatabase(manager: EntityManager, oracle: Oracle): Promise<string[]> {
  const problems: string[] = [];
  for (const sheet of oracle.sheets.values()) {
    const waiting = sheet.list.filter(({ state }) => state === 'waiting').length;
    const expected: Found = {
      counts: {
        ...{ capacity: sheet.capacity, taken: sheet.students.size, held: sheet.kept.length },
        ...{ overrides: sheet.overrides, waiting },
      },
      students: [...sheet.students].sort(),
      list: sheet.list.map(({ studentId, state }) => `${studentId} ${state}`),
      kept: sheet.kept.map(({ reason, studentId }) => `${reason} ${studentId ?? ''}`).sort(),
    };
    const found = await findSheet(manager, sheet.id);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      problems.push(`${sheet.id} is ${JSON.stringify(found)}, and not ${JSON.stringify(expected)}`);
    }
    problems.push(...forNobody(found).map((text) => `${sheet.id}: ${text}`));
  }
  return problems;
}

/** Seats that are held, at rest, for nobody. */
function forNobody({ kept, list }: Found): string[] {
  return kept.filter((hold) => {
    const [reason, studentId] = hold.split(' ');
    return reason === 'promotion' || (reason === 'offer' && !list.includes(`${studentId} offered`));
  });
}

async function findSheet(manager: EntityManager, id: string): Promise<Found> {
  const list = (sql: string): Promise<Record<string, string>[]> => manager.query(sql, [id]);
  const [counts] = await list('SELECT capacity, taken, held, overrides, waiting FROM section WHERE id = ?');
  const students = await list('SELECT student_id AS id FROM enrolment WHERE section_id = ?');
  const turns = await list(
    'SELECT student_id AS id, state AS state FROM waitlist_entry WHERE section_id = ? AND open = 1 ORDER BY number',
  );
  const holds = await list('SELECT reason AS reason, student_id AS id FROM seat_hold WHERE section_id = ?');
  return {
    counts: { ...counts },
    students: students.map((row) => row.id as string).sort(),
    list: turns.map((row) => `${row.id} ${row.state}`),
    kept: holds.map((row) => `${row.reason} ${row.id ?? ''}`).sort(),
  };
}
