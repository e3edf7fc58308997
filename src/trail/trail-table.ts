import { type EntityManager, Between } from 'typeorm';
import { bulkInsert, bulkInsertNew, ROWS_PER_STATEMENT, type RowValue } from '../database/bulk';
import type { Database } from '../database/database';
import type { LineRef } from '../line/line-store';
import { lineError } from '../line/line-error';
import { isSameEvent, type TrailRow } from './trail-rows';
import { LineEpochEntity, type TrailCheckpointEntity, TrailEntity } from './trail.entity';

/**
 * The trail holds another event under the same sequence: the line went two ways, because its store lost what the trail
 * had already. Nothing was written.
 */
export class TrailForkError extends Error {
  constructor(line: LineRef, sequence: number) {
    super(`the trail of room ${line.roomId} knows another event ${line.epoch}/${sequence} than the line does`);
    this.name = 'TrailForkError';
  }
}

/**
 * Makes sure that this life of the line is still the current one, and that it stays so until the transaction ends.
 *
 * @throws DomainError `line_recovering` when another epoch has begun
 */
export async function holdEpoch(database: Database, manager: EntityManager, line: LineRef): Promise<void> {
  const { roomId, epoch } = line;
  if (database.kind === 'mysql') {
    // The one form of a shared lock that MySQL 8 and MariaDB both understand.
    await manager.query('SELECT epoch FROM line_epoch WHERE room_id = ? AND epoch = ? LOCK IN SHARE MODE', [
      roomId,
      epoch,
    ]);
  }
  const row = await manager.findOneBy(LineEpochEntity, { roomId, epoch });
  if (row && row.incarnation === line.incarnation && row.phase !== 'lost') return;
  throw lineError('line_recovering');
}

/**
 * Writes rows that follow each other without a gap; those that are there already stay as they are.
 *
 * @throws TrailForkError when one that is there says something else
 */
export async function writeRows(manager: EntityManager, line: LineRef, rows: TrailRow[]): Promise<void> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return;
  const { roomId: room_id, epoch } = line;
  const columns = rows.map(({ sequence, at, type, number, student, data }) => {
    return { room_id, epoch, sequence, at, type, number, student, data };
  });
  // The rule is that no other pod was here before; only then does it take a look at what it wrote.
  if ((await bulkInsertNew(manager, 'trail', columns)) === rows.length) return;
  const sequence = Between(first.sequence, last.sequence);
  const where = { roomId: line.roomId, epoch, sequence };
  const stored = await manager.find(TrailEntity, { where, order: { sequence: 'ASC' } });
  const other = rows.find((row, index) => !stored[index] || !isSameEvent(row, stored[index]));
  if (other) throw new TrailForkError(line, other.sequence);
}

/** A ticket as a new epoch's checkpoint has it. */
export type CheckpointRow = Omit<TrailCheckpointEntity, 'roomId' | 'epoch'>;

/** Writes what a new epoch begins with. */
export async function writeCheckpoint(
  manager: EntityManager,
  { roomId, epoch }: { roomId: string; epoch: number },
  rows: Iterable<CheckpointRow>,
): Promise<void> {
  let part: Record<string, RowValue>[] = [];
  for (const { number, student, state, acknowledged, ...row } of rows) {
    part.push({
      ...{ room_id: roomId, epoch, number, ticket_epoch: row.ticketEpoch, student, state },
      ...{ joined_at: row.joinedAt, expires_at: row.expiresAt, acknowledged },
    });
    if (part.length < ROWS_PER_STATEMENT) continue;
    await bulkInsert(manager, 'trail_checkpoint', part);
    part = [];
  }
  await bulkInsert(manager, 'trail_checkpoint', part);
}
