import { bulkInsert, type RowValue } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { lineSettings } from '../../../src/line/line-settings';
import type { LineEvent } from '../../../src/line/line-store';
import type { Room } from '../../../src/room/room';
import { insertRoom } from '../../../src/room/room-table';
import { toTrailRow } from '../../../src/trail/trail-rows';

/** How long a trail is. */
export interface TrailSize {
  /** Tickets that live when the line is lost. */
  living: number;
  /** Events since the line began: 4 for each who has gone, 1 for each who lives, and the rest says who was away. */
  events: number;
}

const EPOCH = 1;
/** Rows in one transaction. */
const AT_ONCE = 20_000;
const HOUR_MS = 3_600_000;

/** The room whose line is lost. It lets in one a millisecond, so that its long trail is a fair one. */
export function roomOf(id: string): Room {
  const times = { leaseMs: HOUR_MS, graceMs: HOUR_MS, noShowMs: HOUR_MS, opensAt: 1 };
  const life = { nonce: 'life', createdAt: 0, archivedAt: 0, lotterySeed: '', version: 1, control: 'auto' as const };
  const kind = { site: true, graceBeforeOpening: false, ratePerSecond: 1_000, capacity: 1_000 };
  return { id, termId: 'term', name: id, notice: '', ...times, ...life, ...kind };
}

/** Forgets what came after the line was lost, so that it can be lost once more. */
export async function loseAgain(database: Database, { id }: Room): Promise<void> {
  await database.write(async (manager) => {
    for (const table of ['trail', 'trail_checkpoint', 'line_epoch']) {
      await manager.query(`DELETE FROM ${table} WHERE room_id = ? AND epoch > ?`, [id, EPOCH]);
    }
    await manager.query("UPDATE line_epoch SET phase = 'ready' WHERE room_id = ?", [id]);
  });
}

/** Writes a room, its students, and the trail of a line that has gone on for long and is not in any store. */
export async function writeLongTrail(database: Database, room: Room, size: TrailSize): Promise<void> {
  const gone = Math.floor((size.events - size.living - 2) / 6);
  const students = gone + size.living;
  await writeInParts(database, 'student', studentRows(students));
  await database.write(async (manager) => {
    await insertRoom(manager, room, { by: 'bench', at: 0 });
    await bulkInsert(manager, 'line_epoch', [
      {
        ...{ room_id: room.id, epoch: EPOCH, incarnation: `lost-${room.id}`, phase: 'ready' },
        ...{ first_number: 1, base_number: 1, restored_through: 0, drawn: 0, opened_at: 0 },
      },
    ]);
  });
  await writeInParts(database, 'trail', trailRows(room, gone, size));
}

function* studentRows(count: number): Generator<Record<string, RowValue>> {
  for (let number = 1; number <= count; number += 1) {
    yield {
      ...{ id: studentOf(number), pseudonym: pseudonymOf(number), name: studentOf(number), email: null },
      ...{ class_year: null, language: 'en', created_at: 0 },
    };
  }
}

const studentOf = (number: number): string => `2025-${String(number).padStart(7, '0')}`;
const pseudonymOf = (number: number): string => `pseudonym-${String(number).padStart(11, '0')}`;

function* trailRows(room: Room, gone: number, size: TrailSize): Generator<Record<string, RowValue>> {
  const pseudonyms = new Map<string, string>();
  for (const event of eventsOf(room, gone, size)) {
    if ('studentId' in event) pseudonyms.set(event.studentId, pseudonymOf(event.number));
    const { roomId: room_id, ...row } = toTrailRow(room.id, EPOCH, event, pseudonyms);
    pseudonyms.clear();
    yield { room_id, ...row };
  }
}

/** All come at once; then the first go in, one after another, while those behind them lose and find their connection. */
function* eventsOf(room: Room, gone: number, { living, events }: TrailSize): Generator<LineEvent> {
  let sequence = 0;
  let at = 1;
  const next = (): { sequence: number; at: number } => ({ sequence: (sequence += 1), at: (at += 1) });
  const ticket = (number: number): { number: number; studentId: string } => ({ number, studentId: studentOf(number) });
  yield { ...next(), type: 'settings', settings: lineSettings(room) };
  yield { ...next(), type: 'opened' };
  for (let number = 1; number <= gone + living; number += 1) {
    yield { ...next(), ...ticket(number), type: 'joined', ticketEpoch: EPOCH };
  }
  for (let number = 1; number <= gone; number += 1) {
    yield { ...next(), ...ticket(number), type: 'admitted', expiresAt: at + HOUR_MS };
    yield { ...next(), ...ticket(number), type: 'acknowledged' };
    const away = ticket(gone + 1 + (number % living));
    yield { ...next(), ...away, type: 'away' };
    yield { ...next(), ...away, type: 'back' };
    yield { ...next(), ...ticket(number), type: 'ended', reason: 'finished' };
  }
  while (sequence < events) yield { ...next(), type: 'settings', settings: lineSettings(room) };
}

async function writeInParts(
  database: Database,
  table: string,
  rows: Iterable<Record<string, RowValue>>,
): Promise<void> {
  let part: Record<string, RowValue>[] = [];
  const write = (): Promise<void> => database.write((manager) => bulkInsert(manager, table, part));
  for (const row of rows) {
    part.push(row);
    if (part.length < AT_ONCE) continue;
    await write();
    part = [];
  }
  if (part.length > 0) await write();
}
